import type { StockItem } from '../api';
import type { Sought } from './filters';

/** What the order page of a pharmacy finds in this tab; the key and the shape are its own. */
interface Boxes {
  readonly cip13: string;
  readonly quantity: number;
}

/** One box of each medicine that is sought, or else of one that would do, as a pharmacy has them and as they may be sold online. */
export function basketOf(stock: readonly StockItem[], sought: readonly Sought[]): readonly Boxes[] {
  const isThere = (cip13: string) => stock.some((item) => item.cip13 === cip13 && (item.level === 'inStock' || item.level === 'low'));
  const chosen = sought.map((product) => [product, ...(product.equivalents ?? [])].find(({ cip13, sale }) => sale === 'allowed' && isThere(cip13)));
  const codes = new Set(chosen.flatMap((product) => (product === undefined ? [] : [product.cip13])));
  return [...codes].map((cip13) => ({ cip13, quantity: 1 }));
}

/** Begins the basket of a pharmacy, in this tab alone; one that was begun stays as it is. A browser may forbid storage: the basket then begins empty. */
export function beginBasket(pharmacy: string, boxes: readonly Boxes[]): void {
  const key = `basket:${pharmacy}`;
  try {
    if (boxes.length > 0 && (sessionStorage.getItem(key) ?? '[]') === '[]') sessionStorage.setItem(key, JSON.stringify(boxes));
  } catch {
    return;
  }
}
