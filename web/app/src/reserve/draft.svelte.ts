import type { Boxes, ProductPage } from './calls';
import type { Relation, Written, YesWhat } from './written';

/** A product in the basket. */
export interface Line {
  readonly cip13: string;
  readonly product: ProductPage;
  quantity: number;
}

const MOST_BOXES = 99;

/** What is being written, until it is sent. It lives in the page alone; of a reload only the boxes are kept, in this tab. */
export class Draft implements Written {
  readonly #place: string;
  lines = $state<Line[]>([]);
  /** Boxes that this tab kept over a reload, whose product has not been read again yet. */
  waiting = $state.raw<readonly Boxes[]>([]);
  name = $state('');
  birth = $state('');
  phone = $state('');
  email = $state('');
  callMe = $state(false);
  relation = $state<Relation>('self');
  birthYear = $state('');
  weight = $state('');
  pregnant = $state(false);
  breastfeeding = $state(false);
  treatments = $state<YesWhat>({ yes: null, what: '' });
  allergies = $state<YesWhat>({ yes: null, what: '' });
  note = $state('');
  consent = $state(false);

  constructor(pharmacy: string) {
    this.#place = `basket:${pharmacy}`;
    this.waiting = this.#kept();
  }

  /** Puts boxes of a product in, or more of them. */
  add(product: ProductPage, quantity = 1): void {
    const there = this.lines.find(({ cip13 }) => cip13 === product.cip13);
    if (there === undefined) this.lines.push({ cip13: product.cip13, product, quantity });
    else there.quantity = Math.min(there.quantity + quantity, MOST_BOXES);
    this.#keep();
  }

  /** Sets the boxes of a product; none takes it out. */
  set(cip13: string, quantity: number): void {
    if (quantity < 1) this.lines = this.lines.filter((line) => line.cip13 !== cip13);
    else for (const line of this.lines) if (line.cip13 === cip13) line.quantity = Math.min(quantity, MOST_BOXES);
    this.#keep();
  }

  /** A product that was kept is in, or cannot be any more. */
  settle(cip13: string): void {
    this.waiting = this.waiting.filter((boxes) => boxes.cip13 !== cip13);
    this.#keep();
  }

  /** Forgets what the tab kept. */
  forget(): void {
    try {
      sessionStorage.removeItem(this.#place);
    } catch {
      return;
    }
  }

  #kept(): readonly Boxes[] {
    try {
      const kept: unknown = JSON.parse(sessionStorage.getItem(this.#place) ?? '[]');
      const boxes = new Map<string, number>();
      for (const { cip13, quantity } of Array.isArray(kept) ? kept.filter(isBoxes) : []) boxes.set(cip13, Math.min((boxes.get(cip13) ?? 0) + quantity, MOST_BOXES));
      return Array.from(boxes, ([cip13, quantity]) => ({ cip13, quantity }));
    } catch {
      return [];
    }
  }

  // What waits stays kept. A browser may forbid storage; a reload then begins with an empty basket.
  #keep(): void {
    try {
      sessionStorage.setItem(this.#place, JSON.stringify([...this.lines, ...this.waiting].map(({ cip13, quantity }) => ({ cip13, quantity }))));
    } catch {
      return;
    }
  }
}

function isBoxes(value: unknown): value is Boxes {
  if (typeof value !== 'object' || value === null) return false;
  const { cip13, quantity } = value as Record<string, unknown>;
  return typeof cip13 === 'string' && /^\d{13}$/.test(cip13) && typeof quantity === 'number' && Number.isInteger(quantity) && quantity >= 1 && quantity <= MOST_BOXES;
}
