import type { Instant } from '../api';

export type Level = 'inStock' | 'low' | 'outOfStock' | 'unknown';
export type Sort = 'name' | 'quantity' | 'daysOfStock' | 'expiry';
export type Filter = 'all' | 'short' | 'slow' | 'expired' | 'expiring30' | 'expiring60' | 'expiring90';

export interface Lot {
  /** Empty where the boxes say when they expire and not their lot. */
  readonly code: string;
  readonly expiry: string | null;
  readonly boxes: number;
  readonly expired: boolean;
}

/** One product on the shelves; see GET /api/v1/counter/{id}/stock. */
export interface Shelved {
  readonly cip13: string;
  readonly name: string;
  readonly label: string | null;
  readonly quantity: number;
  readonly held: number;
  readonly available: number;
  readonly unsellable: number;
  readonly level: Level;
  readonly daysOfStock: number | null;
  readonly perWeek: number | null;
  /** Boxes that left by week, the oldest first; the last is the present week. */
  readonly left: readonly number[];
  readonly slow: boolean;
  readonly lots: readonly Lot[];
}

export interface Shelves {
  readonly total: number;
  readonly items: readonly Shelved[];
  readonly cursor: string | null;
}

export interface Expiring {
  /** Within so many days; 0 for those whose last day is over. */
  readonly days: number;
  readonly boxes: number;
  readonly lots: number;
  readonly products: number;
  readonly valueCents: number;
}

/** The shelves in figures; see GET /api/v1/counter/{id}/stock/figures. */
export interface Figures {
  readonly observedSince: Instant | null;
  readonly observedDays: number;
  readonly fed: { readonly seq: number; readonly takenAt: Instant | null; readonly freshUntil: Instant | null; readonly fresh: boolean } | null;
  readonly products: number;
  readonly boxes: number;
  readonly valueCents: number;
  readonly datedBoxes: number;
  readonly rotation: { readonly days: number | null; readonly daysByValue: number | null; readonly pricedBoxes: number; readonly tradeMeanDays: number };
  readonly weeks: readonly { readonly from: string; readonly boxes: number }[];
  readonly slow: { readonly products: number; readonly boxes: number } | null;
  readonly outOfStock: number;
  readonly expired: Expiring;
  readonly expiring: readonly Expiring[];
}

/** What is asked of the list. */
export interface Question {
  readonly sort: Sort;
  readonly descending: boolean;
  readonly filter: Filter;
  readonly q: string;
}

/** Rows of one page: a phone's worth, so that the first ones are there at once. */
export const PAGE = 20;

/** The address of a page of the list. */
export function addressOf(base: string, { sort, descending, filter, q }: Question, cursor: string | null): string {
  const query = new URLSearchParams({ sort, order: descending ? 'desc' : 'asc', filter, limit: String(PAGE) });
  if (q.trim() !== '') query.set('q', q.trim());
  if (cursor !== null) query.set('cursor', cursor);
  return `${base}/stock?${query}`;
}

/** The list in the order of a column, and the other way round where it is in that order already. */
export function sortedBy(question: Question, sort: Sort): Question {
  return { ...question, sort, descending: question.sort === sort && !question.descending };
}

/** The filters with how many products each lets through, as far as that is known: only those that let some through, and the one that is chosen. */
export function filtersOf(figures: Figures, chosen: Filter): readonly { readonly filter: Filter; readonly products: number | null }[] {
  const within = (days: number) => figures.expiring.find((one) => one.days === days)?.products ?? 0;
  const all: { filter: Filter; products: number | null }[] = [
    { filter: 'all', products: null },
    { filter: 'short', products: figures.outOfStock },
    { filter: 'slow', products: figures.slow?.products ?? 0 },
    { filter: 'expired', products: figures.expired.products },
    { filter: 'expiring30', products: within(30) },
    { filter: 'expiring60', products: within(60) },
    { filter: 'expiring90', products: within(90) },
  ];
  return all.filter(({ filter, products }) => products !== 0 || filter === chosen);
}

/** Heights of columns that show numbers, the greatest one as tall as there is room; a number above zero is always seen. */
export function heights(numbers: readonly number[], room: number): readonly number[] {
  const most = Math.max(0, ...numbers);
  return numbers.map((number) => (number === 0 ? 0 : Math.max(1.5, (number / most) * room)));
}

/** Where days stand on a line that always shows the trade's mean: a share of its length from 0 to 1. */
export function alongRotation(days: number, own: number | null, trade: number): number {
  return days / (Math.max(own ?? 0, trade) * 1.25);
}

/** Lots that are told beside a product: the first to expire, and how many others there are. */
export function firstLot(lots: readonly Lot[]): { readonly lot: Lot; readonly others: number } | null {
  const [lot] = lots;
  return lot === undefined ? null : { lot, others: lots.length - 1 };
}
