import type { Instant } from '../api';
import { addDays, dayOf, hourOf, type Day } from './dates';
import type { Duty, DutyKind, Gap } from './wire';

/** A month, as 2026-11. */
export type Month = string;

/** What a calendar shows of one day: the duties that begin on it, and what is wrong with it. */
export interface DayEntry {
  readonly duties: readonly Duty[];
  readonly marks: readonly Gap[];
}

const NOTHING: DayEntry = { duties: [], marks: [] };

/** The weeks of a month, from Monday; null stands for a day of the month before or after. */
export function weeksOf(month: Month): (Day | null)[][] {
  const first = `${month}-01`;
  const lead = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const days: (Day | null)[] = Array.from({ length: lead }, () => null);
  for (let day = first; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  while (days.length % 7 !== 0) days.push(null);
  return Array.from({ length: days.length / 7 }, (_, week) => days.slice(week * 7, week * 7 + 7));
}

export function monthsOf(year: number): Month[] {
  return Array.from({ length: 12 }, (_, i) => `${year}-${String(i + 1).padStart(2, '0')}`);
}

export function nextMonth(month: Month, by: number): Month {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}

/** One kind of a sector's duties and troubles by the day they begin on; a trouble marks every day it reaches into, but not the morning it ends. */
export function byDay(duties: readonly Duty[], gaps: readonly Gap[], sector: string, kind: DutyKind): ReadonlyMap<Day, DayEntry> {
  const days = new Map<Day, { duties: Duty[]; marks: Gap[] }>();
  const entry = (day: Day) => days.get(day) ?? days.set(day, { duties: [], marks: [] }).get(day)!;
  for (const duty of duties) if (duty.sector === sector && duty.kind === kind) entry(dayOf(duty.start)).duties.push(duty);
  for (const gap of gaps)
    if (gap.sector === sector && gap.kind === kind) for (let day = dayOf(gap.start); day <= lastDay(gap.start, gap.end); day = addDays(day, 1)) entry(day).marks.push(gap);
  return days;
}

export function entryOf(days: ReadonlyMap<Day, DayEntry>, day: Day): DayEntry {
  return days.get(day) ?? NOTHING;
}

/** How many duties and troubles a month has, for who does not see the picture. */
export function countOf(days: ReadonlyMap<Day, DayEntry>, month: Month): { readonly duties: number; readonly marks: number } {
  let [duties, marks] = [0, 0];
  for (const [day, entry] of days)
    if (day.startsWith(month)) {
      duties += entry.duties.length;
      marks += entry.marks.length > 0 ? 1 : 0;
    }
  return { duties, marks };
}

/** How often each pharmacy serves, in the order of the rota; whoever serves without being of the sector comes last. */
export function loads(duties: readonly Duty[], members: readonly string[], sector: string, kind: DutyKind): { readonly pharmacy: string; readonly duties: number }[] {
  const counts = new Map(members.map((id) => [id, 0]));
  for (const duty of duties) if (duty.sector === sector && duty.kind === kind) counts.set(duty.pharmacy, (counts.get(duty.pharmacy) ?? 0) + 1);
  return [...counts].map(([pharmacy, count]) => ({ pharmacy, duties: count }));
}

function lastDay(start: Instant, end: Instant): Day {
  const last = hourOf(end) > '12:00' ? dayOf(end) : addDays(dayOf(end), -1);
  return last < dayOf(start) ? dayOf(start) : last;
}
