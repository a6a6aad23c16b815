import type { Boxes } from './calls';

export type Relation = 'self' | 'child' | 'other';

/** A question of the pharmacy that is answered by no, or by yes and what. */
export interface YesWhat {
  readonly yes: boolean | null;
  readonly what: string;
}

/** All that was typed, as it was typed. */
export interface Written {
  readonly lines: readonly Boxes[];
  readonly name: string;
  readonly birth: string;
  readonly phone: string;
  readonly email: string;
  readonly callMe: boolean;
  readonly relation: Relation;
  readonly birthYear: string;
  readonly weight: string;
  readonly pregnant: boolean;
  readonly breastfeeding: boolean;
  readonly treatments: YesWhat;
  readonly allergies: YesWhat;
  readonly note: string;
  readonly consent: boolean;
}

export type Field = 'lines' | 'name' | 'birth' | 'phone' | 'email' | 'birthYear' | 'weight' | 'treatments' | 'allergies' | 'note' | 'consent';
export type Fault = 'missing' | 'unreadable' | 'tooYoung' | 'noContact';

const LEAST_AGE = 16;
const CHILD_BELOW = 16;
const FIRST_YEAR = 1900;
const [FERTILE_FROM, FERTILE_TO] = [12, 55];
const [LEAST_KG, MOST_KG] = [0.3, 500];

/** "23/04/1985", "23.4.1985" or "23041985" as an ISO day; null where it is no day that was. */
export function dayOf(text: string, today: string): string | null {
  const [, day, month, year] = /^\s*(\d{1,2})[\s./-]?(\d{1,2})[\s./-]?(\d{4})\s*$/.exec(text) ?? [];
  if (day === undefined || month === undefined || year === undefined) return null;
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const read = new Date(`${iso}T00:00:00Z`);
  const isDay = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(iso);
  return isDay && Number(year) >= FIRST_YEAR && iso <= today ? iso : null;
}

/** A year of birth; null where it cannot be one. */
export function yearOf(text: string, today: string): number | null {
  const year = /^\s*\d{4}\s*$/.test(text) ? Number(text) : Number.NaN;
  return year >= FIRST_YEAR && year <= Number(today.slice(0, 4)) ? year : null;
}

/** Kilograms, with a comma or a point; null where it can be nobody's weight. */
export function weightOf(text: string): number | null {
  const kilograms = /^\s*\d{1,3}([.,]\d{1,2})?\s*(kg)?\s*$/i.test(text) ? Number.parseFloat(text.replace(',', '.')) : Number.NaN;
  return kilograms >= LEAST_KG && kilograms <= MOST_KG ? kilograms : null;
}

// The year of birth of whoever is treated; null as long as it is not known.
function bornIn({ relation, birth, birthYear }: Written, today: string): number | null {
  return yearOf(relation === 'self' ? (dayOf(birth, today)?.slice(0, 4) ?? '') : birthYear, today);
}

/** Which questions are useful: a child's dose goes by weight; pregnancy is asked of nobody too young or too old for it. */
export function asked(written: Written, today: string): { readonly weight: boolean; readonly pregnancy: boolean } {
  const year = bornIn(written, today);
  const age = year === null ? null : Number(today.slice(0, 4)) - year;
  return { weight: age === null ? written.relation === 'child' : age < CHILD_BELOW, pregnancy: age !== null && age >= FERTILE_FROM && age <= FERTILE_TO };
}

/** What is missing or cannot be read, in the order of the page. */
export function faults(written: Written, questions: boolean, today: string): ReadonlyMap<Field, Fault> {
  const found = new Map<Field, Fault>();
  const note = (field: Field, fault: Fault | null): void => {
    if (fault !== null) found.set(field, fault);
  };
  note('lines', written.lines.length === 0 ? 'missing' : null);
  note('name', written.name.trim() === '' ? 'missing' : null);
  note('birth', faultOfBirth(written.birth, today));
  note('phone', faultOfPhone(written));
  note('email', written.email.trim() === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(written.email.trim()) ? null : 'unreadable');
  if (written.relation !== 'self') note('birthYear', written.birthYear.trim() === '' ? 'missing' : yearOf(written.birthYear, today) === null ? 'unreadable' : null);
  if (asked(written, today).weight) note('weight', written.weight.trim() === '' || weightOf(written.weight) !== null ? null : 'unreadable');
  if (questions) for (const field of ['treatments', 'allergies'] as const) note(field, isAnswered(written[field]) ? null : 'missing');
  note('consent', written.consent ? null : 'missing');
  return found;
}

function faultOfBirth(text: string, today: string): Fault | null {
  if (text.trim() === '') return 'missing';
  const born = dayOf(text, today);
  if (born === null) return 'unreadable';
  const grown = `${Number(born.slice(0, 4)) + LEAST_AGE}${born.slice(4)}`;
  return grown > today ? 'tooYoung' : null;
}

function faultOfPhone({ phone, email, callMe }: Written): Fault | null {
  if (phone.trim() === '') return callMe ? 'missing' : email.trim() === '' ? 'noContact' : null;
  const isNumber = /^[\d\s+\-./()]+$/.test(phone) && phone.replace(/\D/g, '').length >= 6;
  return isNumber ? null : 'unreadable';
}

function isAnswered({ yes, what }: YesWhat): boolean {
  return yes === false || (yes === true && what.trim() !== '');
}

/** The body of the order; what is not asked is not sent. To be made of what has no faults. */
export function orderOf(written: Written, questions: boolean, today: string): object {
  const { name, phone, email, note } = written;
  const words = [written.callMe ? `Merci de me rappeler au ${phone.trim()} quand la commande est prête.` : '', note.trim()].filter((part) => part !== '').join(' ');
  return {
    lines: written.lines.map(({ cip13, quantity }) => ({ cip13, quantity })),
    buyer: { name: name.trim(), birthDate: dayOf(written.birth, today), ...given({ phone: phone.trim(), email: email.trim() }) },
    answers: { treated: treatedOf(written, today), ...(questions ? { treatments: answerOf(written.treatments), allergies: answerOf(written.allergies) } : {}) },
    consent: written.consent,
    ...given({ note: words }),
  };
}

function treatedOf(written: Written, today: string): object {
  const { weight, pregnancy } = asked(written, today);
  return {
    relation: written.relation,
    birthYear: bornIn(written, today),
    ...(weight && weightOf(written.weight) !== null ? { weightKg: weightOf(written.weight) } : {}),
    ...(pregnancy && written.pregnant ? { pregnant: true } : {}),
    ...(pregnancy && written.breastfeeding ? { breastfeeding: true } : {}),
  };
}

function answerOf({ yes, what }: YesWhat): string {
  return yes === true ? what.trim() : 'aucun';
}

function given(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}
