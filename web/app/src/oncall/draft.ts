import type { Calls } from '../counter/calls';
import { addDays, dayOf } from './dates';
import type { Draft, Duty } from './wire';

const CHUNK_DAYS = 366;
// A draft has at most 1,500 duties: one that reaches further than this is not a rota of nights or Sundays.
const MOST_CHUNKS = 8;

/** One duty as it is sent. */
export type Period = Omit<Duty, 'sector' | 'name' | 'city'>;

export function periodOf({ start, end, kind, pharmacy, access, phone, instructions, instructionsEn }: Duty): Period {
  return {
    start,
    end,
    kind,
    pharmacy,
    access,
    ...(phone === undefined ? {} : { phone }),
    ...(instructions === undefined ? {} : { instructions }),
    ...(instructionsEn === undefined ? {} : { instructionsEn }),
  };
}

/** Every duty of a draft, however far it reaches. Throws as {@link Calls.get}. */
export async function readDraft(calls: Calls, base: string, draft: Draft): Promise<Duty[]> {
  const found = new Map<string, Duty>();
  const first = dayOf(draft.from);
  for (let i = 0; i < MOST_CHUNKS && found.size < draft.duties; i++) {
    const items = await readDuties(calls, base, draft.sector, addDays(first, i * CHUNK_DAYS - 1), addDays(first, (i + 1) * CHUNK_DAYS), true);
    for (const duty of items) if (Date.parse(duty.start) >= Date.parse(draft.from)) found.set(`${duty.start} ${duty.kind} ${duty.pharmacy}`, duty);
  }
  return [...found.values()];
}

/** A sector's duties from one day to before another, by the clock of Greenwich, which is near enough for who asks for whole days. */
export async function readDuties(calls: Calls, base: string, sector: string, from: string, to: string, drafts: boolean): Promise<readonly Duty[]> {
  const query = new URLSearchParams({ from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z`, sector, drafts: String(drafts) });
  const answer = await calls.get<{ readonly items: readonly Duty[] }>(`${base}/duties?${query.toString()}`);
  return answer.items;
}

/** The duties with one exchanged for another, taken out (no after) or added (no before). */
export function edited(duties: readonly Duty[], before: Duty | null, after: Period | null): Period[] {
  const isBefore = (duty: Duty) => before !== null && duty.start === before.start && duty.kind === before.kind && duty.pharmacy === before.pharmacy;
  const kept = duties.filter((duty) => !isBefore(duty)).map(periodOf);
  return after === null ? kept : [...kept, after].sort((a, b) => Date.parse(a.start) - Date.parse(b.start));
}
