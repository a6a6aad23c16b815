import { offsetMinutes, wallTime, type WallTime } from '../time/instant';
import { offsetAt } from '../time/zone';
import type { Closure, Exception, Interval, Pharmacy, Relief, Schedule } from './pharmacy';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** How many days the page shows, today first. */
export const SHOWN_DAYS = 14;

/** A date beside the pharmacy, from its midnight to the next: 23 to 25 hours. Ends in ms. */
export interface LocalDay {
  readonly start: number;
  readonly end: number;
  readonly wall: WallTime;
}

/** A span as a day tells it. What runs past midnight is told once, on the day it begins, unless it lasts longer than a day. */
export interface Span {
  readonly state: Interval['state'];
  readonly access: Interval['access'];
  readonly reason: string | null;
  /** Null where it began before this day. */
  readonly from: WallTime | null;
  /** Null where it lasts beyond this day, for longer than a night. */
  readonly to: WallTime | null;
  /** Whether `to` is of the day after. */
  readonly endsNextDay: boolean;
}

/** A time when the pharmacy is closed against its hours: a closure or a vacation. */
export interface Absence {
  readonly id: string;
  readonly start: string;
  readonly end: string;
  readonly reason: string;
  readonly relief: Relief | null;
}

/** One row of the coming days. */
export interface DayPlan {
  readonly day: LocalDay;
  /** Whether the schedule tells of the whole day: without spans it is then closed. */
  readonly isKnown: boolean;
  readonly spans: readonly Span[];
  readonly holiday: string | null;
  readonly absences: readonly Absence[];
  /** Why it opens against its hours, each reason once. */
  readonly openings: readonly string[];
}

/** Local dates one after another, beginning with the one of an instant (ms). */
export function localDays(zone: string, now: number, count: number): readonly LocalDay[] {
  const today = wallTime(now, offsetAt(now, zone)).dayNumber;
  const starts = Array.from({ length: count + 1 }, (_, n) => midnight(zone, today + n));
  return starts.slice(0, count).map((start, n) => ({ start, end: starts[n + 1] ?? start + DAY, wall: wallTime(start, offsetAt(start, zone)) }));
}

/** From when to when the schedule is asked for: a day more on either side tells where a span at the edge begins and ends. */
export function range(zone: string, now: number): { from: number; to: number } {
  const today = wallTime(now, offsetAt(now, zone)).dayNumber;
  return { from: midnight(zone, today - 1), to: midnight(zone, today + SHOWN_DAYS + 1) };
}

/** The coming days of a pharmacy. */
export function plan(pharmacy: Pharmacy, schedule: Schedule, now: number): readonly DayPlan[] {
  const away = absences(pharmacy);
  const opened = pharmacy.exceptions.filter(({ kind }) => kind === 'opening');
  return localDays(pharmacy.zone, now, SHOWN_DAYS).map((day, n) => ({
    day,
    isKnown: schedule.from <= day.start && day.end <= schedule.to,
    spans: spans(day, schedule.intervals, n === 0),
    holiday: schedule.holidays.find(({ date }) => date === isoDate(day.wall))?.name ?? null,
    absences: away.filter((absence) => overlaps(day, absence)),
    openings: [...new Set(opened.filter((opening) => overlaps(day, opening)).flatMap(({ reason }) => reason ?? []))],
  }));
}

/** Closures and vacations ahead, the first to begin first. */
export function absences({ closures, exceptions }: Pick<Pharmacy, 'closures' | 'exceptions'>): readonly Absence[] {
  return [...closures, ...exceptions.filter(({ kind }) => kind === 'vacation')].map(absence).sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}

/** The wall clock of an instant, by the offset that is written in it. */
export function wallOf(instant: string): WallTime {
  return wallTime(Date.parse(instant), offsetMinutes(instant));
}

function absence({ id, start, end, reason, relief }: Closure | Exception): Absence {
  return { id, start, end, reason: reason ?? '', relief: relief ?? null };
}

function spans(day: LocalDay, intervals: readonly Interval[], isFirst: boolean): readonly Span[] {
  return intervals.filter((interval) => overlaps(day, interval)).flatMap((interval) => span(day, interval, isFirst) ?? []);
}

function span(day: LocalDay, { start, end, state, access, reason }: Interval, isFirst: boolean): Span | null {
  const [begins, ends] = [Date.parse(start), Date.parse(end)];
  const isLong = ends - begins > DAY;
  if (begins < day.start && !isLong && !isFirst) return null;
  const beyond = isLong ? ends >= day.end : begins <= day.start && ends === day.end;
  return { state, access, reason, from: begins <= day.start ? null : wallOf(start), to: beyond ? null : wallOf(end), endsNextDay: !beyond && ends > day.end };
}

function overlaps(day: LocalDay, { start, end }: { readonly start: string; readonly end: string }): boolean {
  return Date.parse(start) < day.end && Date.parse(end) > day.start;
}

function isoDate({ year, month, day }: WallTime): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

// No zone of France skips or repeats a midnight: their clocks change later in the night, if at all.
function midnight(zone: string, dayNumber: number): number {
  const guess = dayNumber * DAY - offsetAt(dayNumber * DAY, zone) * MINUTE;
  return dayNumber * DAY - offsetAt(guess, zone) * MINUTE;
}
