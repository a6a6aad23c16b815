import { SvelteMap } from 'svelte/reactivity';
import type { Calls } from '../counter/calls';

interface Named {
  readonly id: string;
  readonly name: string;
  readonly address: { readonly city: string | null };
}

/** What pharmacies are called: learnt from every answer that says so, else asked for, each once. */
export class Names {
  readonly known = new SvelteMap<string, string>();
  readonly #asked = new Set<string>();

  constructor(private readonly calls: Calls) {}

  /** Its name and town; its number while nothing better is known. */
  of(id: string): string {
    return this.known.get(id) ?? id;
  }

  learn(items: readonly { readonly pharmacy: string; readonly name?: string | null; readonly city?: string | null }[]): void {
    for (const { pharmacy, name, city } of items) if (name != null && city !== undefined && !this.known.has(pharmacy)) this.known.set(pharmacy, called(name, city));
  }

  /** Asks for those that are not known. One that cannot be named now keeps its number, and is asked for again another time. */
  async need(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.known.has(id) && !this.#asked.has(id));
    missing.forEach((id) => this.#asked.add(id));
    await Promise.all(missing.map((id) => this.#ask(id)));
  }

  async #ask(id: string): Promise<void> {
    try {
      const { name, address } = await this.calls.get<Named>(`/api/v1/pharmacies/${encodeURIComponent(id)}`);
      this.known.set(id, called(name, address.city));
    } catch {
      this.#asked.delete(id);
    }
  }
}

function called(name: string, city: string | null): string {
  return city === null ? name : `${name}, ${city}`;
}
