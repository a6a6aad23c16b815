import type { Access, HiddenDuty, NearestItem, ServiceState, Status } from '../api';
import type { Row } from '../live/answers';
import { beginning, end, minutesUntil, type Moment } from '../time/instant';
import type { Words } from '../words/fr';

/** A change told by the service arrives within a second; after this long past `until` without one, the state is no longer known. */
const GRACE_MS = 5_000;

/** From here on the minutes left are said beside the hour. */
const SOON_MINUTES = 59;

/** The state of a pharmacy in words. `state` chooses the icon and the colour; the words alone say everything. */
export interface Sentence {
  readonly state: ServiceState;
  readonly label: string;
  /** What comes next, or why nothing is known. */
  readonly next: string | null;
  /** What stands between the two: "De garde jusqu’à 8 h", but "Ouverte, ferme à 19 h 30". */
  readonly glue: ' ' | ', ';
  /** The service's own reason, in the pharmacy's words. */
  readonly reason: string | null;
  /** Whether the reason is as the pharmacy wrote it, in French, and not in the words of the page. */
  readonly isOwnReason: boolean;
}

/** A pharmacy as far as its state is said: a row of a list, or one that is shown alone and leaves none. */
type Seen = Pick<Row, 'leftAt'> & { readonly item: Pick<NearestItem, 'status'> };

/**
 * What to say of a row at an instant of the service's clock (ms).
 * @param narrowed Whether the list holds who has something: one that leaves it may serve as before.
 */
export function sentence({ item, leftAt }: Seen, now: number, words: Words, narrowed = false): Sentence {
  if (leftAt !== null) return farewell(item.status, leftAt, words, narrowed);
  if (hasLapsed(item.status, now)) return lapsed(item.status, now, words);
  const { state } = item.status;
  return { state, label: words.state[state], ...next(item.status, now, words), ...reason(item.status, words) };
}

/** What to say of a pharmacy at another instant than now (ms): it is foreseen, so that nothing runs out and no minutes are counted. */
export function foreseen({ status }: NearestItem, at: number, words: Words): Sentence {
  return { state: status.state, label: words.foreseen[status.state], ...next(status, at, words, true), ...reason(status, words) };
}

/** Whether calling first may spare a walk: to any pharmacy of the list that is not known to be shut. */
export function isWorthPhoning(rows: readonly Row[], now: number, words: Words): boolean {
  return rows.some((row) => sentence(row, now, words).state !== 'closed');
}

/** How one gets in, where that is not through an open door. */
export function accessWords(access: Access | null, words: Words): string | null {
  if (access === 'bell') return words.bell;
  return access === 'phoneFirst' ? words.phoneFirst : null;
}

/** The first row after another that is known to serve; null where none does. */
export function nextServing(rows: readonly Row[], after: string, now: number, words: Words): Row | null {
  const from = rows.findIndex(({ item }) => item.id === after) + 1;
  return rows.slice(from).find((row) => row.leftAt === null && ['open', 'onCall'].includes(sentence(row, now, words).state)) ?? null;
}

/** The number to call: the one of the duty where it has its own. */
export function phoneOf(item: Pick<NearestItem, 'status' | 'phone'>): string | null {
  return item.status.phone ?? item.phone;
}

/** Whom to call where duty is hidden: sectors may name the same number, which is said once. */
export function callsOf(sectors: readonly HiddenDuty[]): HiddenDuty['call'] {
  return [...new Map(sectors.flatMap(({ call }) => call).map((one) => [one.label + one.tel, one])).values()];
}

/** A French number in pairs; any other as it came. */
export function phoneText(phone: string): string {
  const national = phone.replace(/[\s.()-]/g, '').replace(/^(?:\+|00)33/, '0');
  return /^0\d{9}$/.test(national) ? national.replace(/(\d{2})(?=\d)/g, '$1\u00a0') : phone;
}

/** The address that calls a number. */
export function dialling(phone: string): string {
  return `tel:${phone.replace(/[^+\d]/g, '')}`;
}

function hasLapsed({ until }: Status, now: number): boolean {
  return until !== null && now >= Date.parse(until) + GRACE_MS;
}

function farewell(status: Status, leftAt: number, words: Words, narrowed: boolean): Sentence {
  const ended = status.until !== null && Date.parse(status.until) <= leftAt + GRACE_MS;
  const unless = narrowed ? words.noLongerMatches : words.noLongerServes;
  return { state: narrowed && !ended ? 'unknown' : 'closed', label: ended ? words.justClosed : unless, ...NOTHING_NEXT, reason: null, isOwnReason: false };
}

// An announced change that nobody confirmed is never papered over: what was open may be shut.
function lapsed({ state, until }: Status, now: number, words: Words): Sentence {
  const then = until === null ? null : beginning(until, now);
  return { state: 'unknown', label: words.state.unknown, next: then === null ? null : wasTo(state, then, words), glue: ', ', reason: words.toConfirm, isOwnReason: false };
}

function wasTo(state: ServiceState, then: Moment, words: Words): string | null {
  switch (state) {
    case 'open':
      return words.wasToClose(then);
    case 'onCall':
      return words.dutyWasToEnd(then);
    case 'closed':
      return words.wasToOpen(then);
    case 'unknown':
      return null;
  }
}

const NOTHING_NEXT = { next: null, glue: ' ' } as const;

function next({ state, until }: Status, now: number, words: Words, planned = false): Pick<Sentence, 'next' | 'glue'> {
  if (until === null) return state === 'open' ? { next: words.dayAndNight, glue: ' ' } : NOTHING_NEXT;
  const minutes = minutesUntil(until, now);
  const soon = !planned && minutes <= SOON_MINUTES ? minutes : null;
  switch (state) {
    case 'open': {
      const then = named(end(until, now), planned);
      const isBare = isMidnight(then);
      return { next: withMinutes(isBare ? words.until(then) : words.closesAt(then), soon, words), glue: isBare ? ' ' : ', ' };
    }
    case 'onCall':
      return { next: withMinutes(words.until(named(end(until, now), planned)), soon, words), glue: ' ' };
    case 'closed': {
      const then = named(beginning(until, now), planned);
      // At midnight a public holiday may make hours unknown: only "closed until" is certain there.
      if (isMidnight(then)) return { next: words.until(then), glue: ' ' };
      return { next: soon === null ? words.opens(then) : words.opensIn(soon, then), glue: ', ' };
    }
    case 'unknown':
      return NOTHING_NEXT;
  }
}

// Seen from another day, "tomorrow" would be that day's.
function named(moment: Moment, planned: boolean): Moment {
  return planned && moment.day === 'tomorrow' ? { ...moment, day: 'weekday' } : moment;
}

function withMinutes(text: string, soon: number | null, words: Words): string {
  return soon === null ? text : `${text}, ${words.inMinutes(soon)}`;
}

function isMidnight({ wall }: Moment): boolean {
  return wall.hour === 0 && wall.minute === 0;
}

/** The reason that the service gives for a state, in the words of the page where it has some. */
export function reason({ state, reason: said }: Pick<Status, 'state' | 'reason'>, words: Words): Pick<Sentence, 'reason' | 'isOwnReason'> {
  if (said === null) return { reason: state === 'unknown' ? words.toConfirm : null, isOwnReason: false };
  // The reasons that the service itself gives have their words in every language; the others hold a pharmacy's own and stay as written.
  const unknown = said.startsWith('jour férié') ? words.holidayToConfirm : words.unknowns[said];
  const ours = state === 'unknown' ? unknown : state === 'onCall' ? words.duties[said] : undefined;
  return ours === undefined ? { reason: said, isOwnReason: true } : { reason: ours, isOwnReason: false };
}
