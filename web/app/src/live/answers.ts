import type { Instant, NearestItem, Shown } from '../api';

/** How long a pharmacy that no longer serves stays on screen, said to be so, before its row goes. */
export const FAREWELL_MS = 60_000;

/** One pharmacy on screen. */
export interface Row {
  readonly item: NearestItem;
  /** When it was seen to change state, in ms of the service's clock; null since it was first shown. */
  readonly changedAt: number | null;
  /** When it was seen to stop serving: it stays for a minute, so that nobody watches a name vanish without a word. */
  readonly leftAt: number | null;
}

/** What is known of the place asked about. */
export interface View {
  readonly epoch: string | null;
  readonly asOf: Instant;
  readonly rows: readonly Row[];
}

/** A whole list, whether it was asked for, returned by a watch or sent by the service. */
export interface Answer {
  readonly epoch: string | null;
  readonly asOf: Instant;
  readonly items: readonly NearestItem[];
}

/**
 * The view once an answer has come. Answers are whole lists, so holes mean nothing: the newest `asOf` wins and an older one is dropped.
 * Another epoch means that the store was restored: its clock of events starts anew and the answer replaces everything.
 */
export function apply(view: View | null, answer: Answer, shown: Shown): View {
  const epoch = answer.epoch ?? view?.epoch ?? null;
  const restored = view !== null && view.epoch !== null && view.epoch !== epoch;
  if (view === null || restored) return { epoch, asOf: answer.asOf, rows: answer.items.map(firstSeen) };
  const asOf = Date.parse(answer.asOf);
  if (asOf < Date.parse(view.asOf)) return view.epoch === epoch ? view : { ...view, epoch };

  const before = new Map(view.rows.map((row) => [row.item.id, row]));
  const rows = answer.items.map((item) => seenAgain(before.get(item.id), item, asOf));
  const farewells = shown === 'serving' ? leaving(view.rows, answer.items, asOf) : [];
  return { epoch, asOf: answer.asOf, rows: [...rows, ...farewells].sort(byDistance) };
}

/** The view without the rows whose minute of farewell is over; the same object where there are none. */
export function forgetLeft(view: View, now: number): View {
  const rows = view.rows.filter((row) => row.leftAt === null || now - row.leftAt < FAREWELL_MS);
  return rows.length === view.rows.length ? view : { ...view, rows };
}

function firstSeen(item: NearestItem): Row {
  return { item, changedAt: null, leftAt: null };
}

function seenAgain(before: Row | undefined, item: NearestItem, at: number): Row {
  if (before === undefined) return firstSeen(item);
  const changed = before.leftAt !== null || before.item.status.state !== item.status.state;
  return { item, changedAt: changed ? at : before.changedAt, leftAt: null };
}

// A missing row stopped serving only if it is nearer than the last one listed: otherwise nearer ones may merely have pushed it out.
function leaving(rows: readonly Row[], items: readonly NearestItem[], at: number): Row[] {
  const present = new Set(items.map((item) => item.id));
  const reach = items.at(-1)?.distance ?? Infinity;
  return rows
    .filter(({ item, leftAt }) => !present.has(item.id) && (leftAt !== null || item.distance < reach))
    .map((row) => (row.leftAt === null ? { ...row, changedAt: at, leftAt: at } : row));
}

function byDistance(a: Row, b: Row): number {
  return a.item.distance - b.item.distance || (a.item.id < b.item.id ? -1 : 1);
}
