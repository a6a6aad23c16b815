import { refusal, type ProblemDetails, type Refused } from '../api';
import { post } from './calls';

/** What stands in for the tab's storage in tests. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

export interface Placed {
  readonly orderId: string;
  readonly token: string;
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 8_000];

/**
 * The key under which one order is sent, however often: it is kept with a digest of the body, so that the same order sent again after a lost answer, or after the page
 * was loaded again, is taken once. Nothing of what was written is kept.
 */
export class OrderKey {
  readonly #place: string;

  constructor(
    pharmacy: string,
    private readonly store: Store,
  ) {
    this.#place = `order:${pharmacy}`;
  }

  /** Whether an order was sent of which nobody knows whether it arrived. */
  get isOpen(): boolean {
    return this.#read() !== null;
  }

  /** The key of a body: the one it was sent with before, or a new one. */
  async of(body: string): Promise<string> {
    const digest = await digestOf(body);
    const kept = this.#read();
    if (kept?.digest === digest) return kept.key;
    const key = crypto.randomUUID();
    this.#write(JSON.stringify({ key, digest }));
    return key;
  }

  /** The order has its answer. */
  forget(): void {
    this.#write(null);
  }

  #read(): { readonly key: string; readonly digest: string } | null {
    try {
      const kept = JSON.parse(this.store.getItem(this.#place) ?? 'null') as { readonly key?: unknown; readonly digest?: unknown } | null;
      return typeof kept?.key === 'string' && typeof kept.digest === 'string' ? { key: kept.key, digest: kept.digest } : null;
    } catch {
      return null;
    }
  }

  // A browser may forbid storage; a lost answer is then safe for as long as the page stands, which holds the body and sends it again itself.
  #write(value: string | null): void {
    try {
      if (value === null) this.store.removeItem(this.#place);
      else this.store.setItem(this.#place, value);
    } catch {
      return;
    }
  }
}

async function digestOf(body: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends an order until it has an answer: a lost one, or a service that is overloaded, is asked again with the same key, at the latest when the network is back.
 * Throws {@link Refused} where the answer is no.
 * @param lost Told whenever an answer was lost.
 */
export async function place(pharmacy: string, body: string, keys: OrderKey, lost: () => void): Promise<Placed> {
  let key = await keys.of(body);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await ask(pharmacy, body, key);
    if (answer !== null && answer.ok) {
      const placed = (await answer.json()) as Placed;
      keys.forget();
      return placed;
    }
    const no = answer === null ? null : await refusal(answer);
    if (no !== null && wordOf(no.problem) === 'key-reused') {
      keys.forget();
      key = await keys.of(body);
    } else if (no !== null && !isUndecided(no)) {
      keys.forget();
      throw no;
    } else {
      lost();
    }
    await untilBack(no?.retryAfterSeconds == null ? pause : no.retryAfterSeconds * 1_000);
  }
}

// Headers may arrive and the body be lost: that is a lost answer as well.
async function ask(pharmacy: string, body: string, key: string): Promise<Response | null> {
  try {
    const answer = await post(`/api/v1/pharmacies/${pharmacy}/orders`, body, { 'idempotency-key': key }, AbortSignal.timeout(20_000));
    const text = await answer.text();
    return new Response(text, { status: answer.status, headers: answer.headers });
  } catch {
    return null;
  }
}

function isUndecided(no: Refused): boolean {
  return no.status >= 500 || wordOf(no.problem) === 'request-in-flight';
}

/** The stable word that a problem's type ends in. */
export function wordOf(problem: ProblemDetails): string {
  return problem.type?.split('/').at(-1) ?? '';
}

function untilBack(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    globalThis.addEventListener?.('online', done);
  });
}
