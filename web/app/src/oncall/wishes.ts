import type { Day } from './dates';

/** A day on which a pharmacy would rather not serve. */
export interface Wish {
  readonly pharmacy: string;
  readonly date: Day;
}

/** The wishes as they are sent: by pharmacy, each date once. */
export function wishBody(wishes: readonly Wish[]): { readonly pharmacy: string; readonly dates: readonly Day[] }[] {
  const dates = new Map<string, Set<Day>>();
  for (const { pharmacy, date } of wishes) dates.set(pharmacy, (dates.get(pharmacy) ?? new Set()).add(date));
  return [...dates].map(([pharmacy, days]) => ({ pharmacy, dates: [...days].sort() }));
}
