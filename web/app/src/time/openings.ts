import { get, type Instant, type ServiceState } from '../api';

const DAY_MS = 86_400_000;
/** No order outlasts a week; two days more hold the opening after it. */
const AHEAD_MS = 9 * DAY_MS;

export interface Opening {
  readonly start: Instant;
  readonly end: Instant;
  readonly state: ServiceState;
  /** Its end is that of what was asked: nobody has said that it ends then. */
  readonly cut?: true;
}

/** When somebody is at the counter next: now until `end`, or from `start` on; the end is null where none is in sight, as of a pharmacy that is open day and night. */
export interface Attended {
  readonly now: boolean;
  readonly start: Instant;
  readonly end: Instant | null;
}

/** The times of a pharmacy from an instant on, nine days ahead. Throws as {@link get}. */
export async function getOpenings(pharmacy: string, from: number, signal: AbortSignal): Promise<readonly Opening[]> {
  // Whole seconds, as the answer's instants have.
  const since = Math.floor(from / 1_000) * 1_000;
  const to = since + AHEAD_MS;
  const query = new URLSearchParams({ from: new Date(since).toISOString(), to: new Date(to).toISOString() });
  const answer = await get<{ readonly intervals: readonly Opening[] }>(`/api/v1/pharmacies/${pharmacy}/schedule?${query.toString()}`, signal);
  return answer.intervals.map((interval) => (Date.parse(interval.end) === to ? { ...interval, cut: true } : interval));
}

/**
 * When orders are read and handed over next, at or after an instant. Times that nobody has confirmed are nobody's promise: where they come first the answer is null.
 * @param duty Whether the pharmacy takes orders while it is on call.
 */
export function attended(openings: readonly Opening[], at: number, duty: boolean): Attended | null {
  const coming = openings.filter(({ end }) => Date.parse(end) > at);
  const first = coming.find(({ state }) => state === 'unknown' || isAttended(state, duty));
  if (first === undefined || first.state === 'unknown') return null;
  return { now: Date.parse(first.start) <= at, start: first.start, end: endOf(coming, first, duty) };
}

// Open hours that go over into duty are one time at the counter.
function endOf(coming: readonly Opening[], first: Opening, duty: boolean): Instant | null {
  let last = first;
  for (const next of coming) if (isAttended(next.state, duty) && Date.parse(next.start) === Date.parse(last.end)) last = next;
  return last.cut ? null : last.end;
}

function isAttended(state: ServiceState, duty: boolean): boolean {
  return state === 'open' || (duty && state === 'onCall');
}
