import type { Equivalent, StockItem, StockLevel } from '../api';
import type { Sought } from './filters';

/** From here on the way is long enough to rather take another medicine of the group. */
const FAR_METRES = 5_000;

/** One medicine at one pharmacy, as it is said. */
export interface StockLine {
  readonly cip13: string;
  /** Null for one of the group that is not known by name. */
  readonly name: string | null;
  readonly level: StockLevel;
  readonly isEquivalent: boolean;
}

/** What a pharmacy has of what is sought, and of what would do instead. */
export function stockLines(stock: readonly StockItem[], sought: readonly Sought[]): readonly StockLine[] {
  return stock.map(({ cip13, level }) => {
    const same = sought.find((product) => product.cip13 === cip13);
    const other = sought.flatMap(({ equivalents }) => equivalents ?? []).find((equivalent) => equivalent.cip13 === cip13);
    return { cip13, name: (same ?? other)?.name ?? null, level, isEquivalent: same === undefined };
  });
}

/** What would do for any of the medicines, each once; null until that is known for all of them. */
export function inTheirStead(sought: readonly Sought[]): readonly Equivalent[] | null {
  if (sought.some(({ equivalents }) => equivalents === null)) return null;
  const others = sought.flatMap(({ equivalents }) => equivalents ?? []).filter(({ cip13 }) => !sought.some((product) => product.cip13 === cip13));
  return [...new Map(others.map((other) => [other.cip13, other])).values()];
}

/** Whether nothing near has what is sought, so that equivalents are worth offering. */
export function isFar(distances: readonly number[]): boolean {
  return distances.every((metres) => metres > FAR_METRES);
}
