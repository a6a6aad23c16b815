import type { Instant } from '../api';
import { inOffset } from '../time/instant';
import { offsetAt } from '../time/zone';

/** A date of the calendar, as 2026-11-28. */
export type Day = string;

export type Language = 'fr' | 'en';

const DAY_MS = 86_400_000;
const LOCALE = { fr: 'fr-FR', en: 'en-GB' } as const;
const STYLES = {
  long: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  short: { weekday: 'short', day: 'numeric', month: 'short' },
  month: { month: 'long', year: 'numeric' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

/** A date in words: "samedi 28 novembre 2026", "sam. 28 nov.", or its month, "novembre 2026". */
export function dayName(day: Day, language: Language, style: keyof typeof STYLES = 'long'): string {
  const text = new Intl.DateTimeFormat(LOCALE[language], { ...STYLES[style], timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
  // French says the first of a month as an ordinal, which browsers do not.
  return language === 'fr' ? text.replace(/(?<= )1 (?=\p{L})/u, '1er ') : text;
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The date on the wall where the instant was written: a Date would turn it into the reader's. */
export function dayOf(instant: Instant): Day {
  return instant.slice(0, 10);
}

/** The hour on that wall, as 20:00. */
export function hourOf(instant: Instant): string {
  return instant.slice(11, 16);
}

/** "sam. 28 nov. 20:00". */
export function moment(instant: Instant, language: Language): string {
  return `${dayName(dayOf(instant), language, 'short')} ${hourOf(instant)}`;
}

/** "sam. 28 nov. 20:00–08:00": the second date is said only where it is not the next morning. */
export function span(start: Instant, end: Instant, language: Language): string {
  const near = dayOf(end) <= addDays(dayOf(start), 1) && Date.parse(end) - Date.parse(start) <= DAY_MS;
  return `${moment(start, language)}–${near ? hourOf(end) : ` ${moment(end, language)}`}`;
}

/** What a wall clock of a zone shows, with its offset: the wire's form of an instant. */
export function inZone(ms: number, zone: string): Instant {
  return inOffset(ms, offsetAt(ms, zone));
}

/** The instant when a wall clock of the zone shows a time such as 2026-11-28T20:00; of a time that is skipped, as if the clocks had not been put forward. */
export function atWall(wall: string, zone: string): Instant {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  const guess = asUtc - offsetAt(asUtc - DAY_MS / 2, zone) * 60_000;
  const offset = offsetAt(guess, zone);
  const exact = asUtc - offset * 60_000;
  return inZone(offsetAt(exact, zone) === offset ? exact : guess, zone);
}
