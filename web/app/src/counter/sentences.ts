import { Refused, type ProblemDetails } from '../api';
import type { Exceptional, PreviewInterval, Relief } from './calls';
import type { CounterWords } from './words';

/** What went wrong, in a sentence for people; the culprits one by one where the service names them. */
export function trouble(error: unknown, words: Pick<CounterWords, 'offline' | 'changedMeanwhile'>): string {
  if (!(error instanceof Refused)) return words.offline;
  const { errors } = error.problem as ProblemDetails & { readonly errors?: Readonly<Record<string, readonly string[]>> };
  const named = Object.entries(errors ?? {}).map(([path, sentences]) => `${path.replace(/^\$\./, '')} : ${sentences.join(' ')}`);
  if (error.status === 412) return words.changedMeanwhile;
  return named.length > 0 ? named.join(' · ') : error.message;
}

/** One line for each day of the week that a preview shows, in the pharmacy's own wall time: "lundi 09:00–12:30, 14:00–19:30". */
export function week(intervals: readonly PreviewInterval[], days: readonly string[], closed: string): string[] {
  const spans = days.map((): string[] => []);
  for (const { start, end, state } of intervals) {
    if (state !== 'open') continue;
    const day = (weekday(start) + 6) % 7;
    spans[day]?.push(`${wall(start)}–${sameDay(start, end) || wall(end) !== '00:00' ? wall(end) : '24:00'}`);
  }
  return days.map((day, i) => `${day} ${spans[i]?.length ? spans[i].join(', ') : closed}`);
}

/** A local date in full: "vendredi 25 décembre 2026". */
export function day(date: string, locale: string): string {
  // A date is the same all over the world; only a Date wants a zone.
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
}

/** An exception in one line. */
export function exceptional({ kind, start, end, date = '', name = '', hours, from = '', to = '', reason = '', relief }: Exceptional, words: CounterWords): string {
  const { locale } = words;
  switch (kind) {
    case 'vacation':
      return [words.isVacation(day(from, locale), day(to, locale), reason), ...takenOver(relief, words)].join(' · ');
    case 'opening':
      return words.isOpening(stretch(start, end, locale), reason);
    case 'holiday':
      return `${name}, ${day(date, locale)} · ${hours === undefined || hours === 'off' ? words.holidayClosed : words.holidayOpen(hours)}`;
  }
}

/** Who takes over, as the end of a line; nothing where nobody does. */
export function takenOver(relief: Relief | undefined, words: CounterWords): readonly string[] {
  if (relief === undefined) return [];
  const kilometres = new Intl.NumberFormat(words.locale, { maximumFractionDigits: 1 }).format(relief.distance / 1000);
  return [words.reliefIs(relief.name, relief.phone, kilometres)];
}

// On one day, that day is said once.
function stretch(start: string, end: string, locale: string): string {
  const until = sameDay(start, end) ? wall(end) : `${day(end.slice(0, 10), locale)} ${wall(end)}`;
  return `${day(start.slice(0, 10), locale)} ${wall(start)} – ${until}`;
}

/** An instant to the minute, as the pharmacy's own clock shows it. */
export function minute(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

/** Minutes and seconds until a post locks itself, or null where that is more than a minute away. */
export function countdown(leftMs: number): string | null {
  if (leftMs > 60_000) return null;
  return String(Math.max(0, Math.ceil(leftMs / 1000)));
}

/** The pharmacies of somebody's roles, the greatest role first. */
export function pharmacies(roles: readonly string[]): { readonly id: string; readonly role: string }[] {
  const ranks = ['titulaire', 'pharmacist', 'preparer', 'student'];
  return roles
    .map((role) => role.split(':'))
    .flatMap(([role, id]) => (role !== undefined && id !== undefined && ranks.includes(role) ? [{ id, role }] : []))
    .sort((a, b) => ranks.indexOf(a.role) - ranks.indexOf(b.role) || a.id.localeCompare(b.id));
}

// The text of an instant is the pharmacy's own wall time; a Date would turn it into the reader's.
function wall(instant: string): string {
  return instant.slice(11, 16);
}

function sameDay(a: string, b: string): boolean {
  return a.slice(0, 10) === b.slice(0, 10);
}

function weekday(instant: string): number {
  return new Date(`${instant.slice(0, 10)}T00:00:00Z`).getUTCDay();
}
