import type { Instant } from '../api';
import type { Place } from '../place/place';
import { inOffset } from './instant';

const MINUTE = 60_000;

/** The clocks of the territories that do not live by Paris'. The Marquesas, half an hour from Tahiti, go by it here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  971: 'America/Guadeloupe',
  972: 'America/Martinique',
  973: 'America/Cayenne',
  974: 'Indian/Reunion',
  975: 'America/Miquelon',
  976: 'Indian/Mayotte',
  977: 'America/St_Barthelemy',
  978: 'America/Marigot',
  986: 'Pacific/Wallis',
  987: 'Pacific/Tahiti',
  988: 'Pacific/Noumea',
};

/** The time zone of a place: a town's own, and around the reader that of his device. */
export function zoneOf(place: Place): string {
  return place.kind === 'town' ? (ELSEWHERE[place.town.territory] ?? 'Europe/Paris') : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What a wall clock of a zone shows, as a field for a date and a time takes it: "2026-11-30T08:00". */
export function localOf(epochMs: number, zone: string): string {
  return new Date(epochMs + offsetAt(epochMs, zone) * MINUTE).toISOString().slice(0, 16);
}

/** The instant at which a wall clock of a zone shows a date and a time; null where the text is none. An hour that is skipped becomes the one after. */
export function instantOf(local: string, zone: string): Instant | null {
  const wall = Date.parse(`${local}Z`);
  if (Number.isNaN(wall)) return null;
  // The offset that holds near there, then the one that holds there.
  const near = offsetAt(wall, zone);
  const offset = offsetAt(wall - near * MINUTE, zone);
  const epoch = wall - offset * MINUTE;
  return inOffset(epoch, offsetAt(epoch, zone));
}

/** Minutes east of Greenwich in a zone at an instant (ms). */
export function offsetAt(epochMs: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' });
  const part = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, Number(value)]));
  const wall = Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute);
  return Math.round((wall - Math.floor(epochMs / MINUTE) * MINUTE) / MINUTE);
}
