import { askedBy, receivedAt } from '../installed/received';
import { ask, type Access, type HiddenDuty, type Instant, type NearestItem } from '../api';

/** The neighbour who takes over. */
export interface Relief {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  /** Metres from the pharmacy that is closed. */
  readonly distance: number;
}

export interface Closure {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string;
  readonly relief?: Relief;
}

/** An exceptional opening, a public holiday with hours of its own, or a vacation. */
export interface Exception {
  readonly id: string;
  readonly kind: 'opening' | 'holiday' | 'vacation';
  readonly start: Instant;
  readonly end: Instant;
  readonly reason?: string;
  readonly relief?: Relief;
}

/** What the law wants a pharmacy to say of itself, as far as it has. */
export interface Mentions {
  readonly finess: string;
  readonly name: string;
  readonly address: NearestItem['address'];
  readonly phone: string | null;
  readonly legalName?: string;
  readonly pharmacists?: string;
  readonly rpps?: string;
  readonly licence?: string;
  readonly email?: string;
  readonly host?: string;
  readonly ars?: string;
  readonly ansm?: string;
  readonly vat?: string;
  readonly ape?: string;
  readonly rcs?: string;
  readonly capital?: string;
  readonly siret?: string;
}

/** A pharmacy's page. */
export interface Pharmacy extends Omit<NearestItem, 'distance'> {
  readonly hours: string | null;
  readonly zone: string;
  readonly closures: readonly Closure[];
  readonly exceptions: readonly Exception[];
  readonly news: readonly { readonly at: Instant; readonly text: string; readonly until?: Instant }[];
  readonly mentions: Mentions;
  readonly paused?: { readonly since: Instant; readonly until?: Instant; readonly reason: string };
  readonly sources: readonly { readonly source: 'santefr' | 'finess' | 'osm'; readonly at: Instant }[];
  readonly seq: number;
  /** Who serves near it; there only while it does not serve itself. */
  readonly instead?: { readonly pharmacies: readonly NearestItem[]; readonly hiddenDuty: readonly HiddenDuty[] };
}

export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
  readonly state: 'open' | 'onCall' | 'unknown';
  readonly access: Access | null;
  readonly reason: string | null;
}

export interface Schedule {
  /** Between which instants (ms) it tells everything; a kept one may end before the days that are shown. */
  readonly from: number;
  readonly to: number;
  readonly zone: string;
  readonly intervals: readonly Interval[];
  /** Local dates of the pharmacy, as 2026-12-25. */
  readonly holidays: readonly { readonly date: string; readonly name: string }[];
}

/** The number in the address `/pharmacie/{id}`. */
export function idOf(pathname: string): string {
  return decodeURIComponent(pathname.replace(/\/$/, '').split('/').at(-1) ?? '');
}

/** The list around a pharmacy's town. The department by its postcode tells towns of one name apart; where it is not that one, the list takes the likeliest. */
export function listAround({ city, postcode }: NearestItem['address']): string {
  if (city === null || city === '') return '/';
  const query = new URLSearchParams({ town: city });
  if (postcode !== null && !postcode.startsWith('20')) query.set('territory', postcode.slice(0, /^9[78]/.test(postcode) ? 3 : 2));
  return `/?${query.toString()}`;
}

/**
 * A page, and what the service's clock showed when it answered (ms), to the second; where this phone has kept it, when it received it by its own clock. Throws Refused, or
 * TypeError where the network gave no answer.
 */
export async function getPharmacy(id: string, signal: AbortSignal): Promise<{ pharmacy: Pharmacy; asOf: number; receivedAt: number | null }> {
  const response = await ask(`/api/v1/pharmacies/${encodeURIComponent(id)}`, signal);
  return { pharmacy: (await response.json()) as Pharmacy, asOf: Date.parse(response.headers.get('date') ?? ''), receivedAt: receivedAt(response) };
}

/** When it serves, between two instants (ms). Throws as {@link getPharmacy}. */
export async function getSchedule(id: string, from: number, to: number, signal: AbortSignal): Promise<Schedule> {
  const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  const response = await ask(`/api/v1/pharmacies/${encodeURIComponent(id)}/schedule?${query.toString()}`, signal);
  const asked = new URLSearchParams(askedBy(response, `?${query.toString()}`).split('?')[1]);
  return { ...((await response.json()) as Omit<Schedule, 'from' | 'to'>), from: Date.parse(asked.get('from') ?? ''), to: Date.parse(asked.get('to') ?? '') };
}
