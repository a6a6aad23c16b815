import type { Instant } from '../api';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** What a wall clock beside the pharmacy shows at an instant. Months count from 1, Sunday is 0. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  /** Days since 1970-01-01 by that clock. */
  readonly dayNumber: number;
}

/** An hour of a day, the day said as far as the reader needs it: nothing for today (or where no other day can be meant). */
export interface Moment {
  readonly wall: WallTime;
  readonly day: 'implied' | 'tomorrow' | 'weekday' | 'date';
}

/** The offset written in an instant, in minutes east of Greenwich: "+02:00" is 120, "Z" is 0. */
export function offsetMinutes(instant: Instant): number {
  const match = /([+-])(\d{2}):(\d{2})$/.exec(instant);
  if (match === null) return 0;
  const [, sign, hours, minutes] = match;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

export function wallTime(epochMs: number, offset: number): WallTime {
  const shifted = new Date(epochMs + offset * MINUTE);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: shifted.getUTCDay(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
    dayNumber: Math.floor(shifted.getTime() / DAY),
  };
}

/** The instant as one begins something then: tomorrow is named, even when it is near. */
export function beginning(instant: Instant, now: number): Moment {
  return moment(instant, now, 'implied');
}

/** The instant as the end of what lasts now: within 24 hours an hour names one moment only, so no day is said. */
export function end(instant: Instant, now: number): Moment {
  const ms = Date.parse(instant) - now;
  return moment(instant, now, ms < DAY ? 'always' : 'implied');
}

function moment(instant: Instant, now: number, omitDay: 'always' | 'implied'): Moment {
  const offset = offsetMinutes(instant);
  const wall = wallTime(Date.parse(instant), offset);
  const days = wall.dayNumber - wallTime(now, offset).dayNumber;
  if (omitDay === 'always' || days === 0) return { wall, day: 'implied' };
  if (days === 1) return { wall, day: 'tomorrow' };
  return { wall, day: days > 1 && days < 7 ? 'weekday' : 'date' };
}

/** Whole minutes until an instant, rounded up, so that "in 1 min" never means it has passed. */
export function minutesUntil(instant: Instant, now: number): number {
  return Math.ceil((Date.parse(instant) - now) / MINUTE);
}

/** Whether a clock beside the pharmacy shows another hour than the reader's own at that instant. */
export function isElsewhere(instant: Instant): boolean {
  return offsetMinutes(instant) !== -new Date(instant).getTimezoneOffset();
}

/** An instant (ms) written with an offset, as the service writes those of a pharmacy. */
export function inOffset(at: number, offset: number): Instant {
  const two = (value: number): string => String(Math.floor(Math.abs(value))).padStart(2, '0');
  const wall = new Date(at + offset * MINUTE).toISOString().slice(0, 19);
  return `${wall}${offset < 0 ? '-' : '+'}${two(offset / 60)}:${two(offset % 60)}`;
}
