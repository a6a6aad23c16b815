import { dayOf } from './dates';
import type { Gap } from './wire';

const DAY_MS = 86_400_000;

/** Troubles of one kind that follow each other: "nobody serves for 30 nights" is one thing to mend, not thirty. */
export interface GapRun {
  readonly first: Gap;
  readonly last: Gap;
  readonly count: number;
}

/** The troubles, which are given by start, in runs by the start of their first. */
export function runsOf(gaps: readonly Gap[]): GapRun[] {
  const runs: GapRun[] = [];
  const open = new Map<string, number>();
  for (const gap of gaps) {
    const key = `${gap.word} ${gap.sector} ${gap.kind}`;
    const at = open.get(key);
    const run = at === undefined ? undefined : runs[at];
    if (at !== undefined && run !== undefined && follows(gap, run.last)) runs[at] = { ...run, last: gap, count: run.count + 1 };
    else open.set(key, runs.push({ first: gap, last: gap, count: 1 }) - 1);
  }
  return runs;
}

/** The day of a run's first and last trouble. */
export function daysOf({ first, last }: GapRun): readonly [string, string] {
  return [dayOf(first.start), dayOf(last.start)];
}

// Nights and days come daily, Sundays weekly; other troubles are told one by one, since they name different pharmacies.
function follows(gap: Gap, before: Gap): boolean {
  const apart = Date.parse(gap.start) - Date.parse(before.end);
  return gap.word === 'gap' && apart < (gap.kind === 'sundayOrHoliday' ? 7 * DAY_MS : DAY_MS);
}
