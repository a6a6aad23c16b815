import type { Refused } from '../api';
import type { ReserveWords } from './reserveWords';
import { isUndecided, wordOf } from './undecided';
import type { Field } from './written';

/** A refusal where it is to be read: at a field, at a product, or above the button. */
export interface Said {
  readonly fields: ReadonlyMap<Field, string>;
  readonly products: ReadonlyMap<string, string>;
  readonly all: string;
}

interface Missing {
  readonly cip13: string;
  readonly requested: number;
  readonly available: number;
}

const FIELDS: Readonly<Record<string, Field>> = {
  '$.lines': 'lines',
  '$.buyer.name': 'name',
  '$.buyer.birthDate': 'birth',
  '$.buyer.phone': 'phone',
  '$.buyer.email': 'email',
  '$.answers.treated.birthYear': 'birthYear',
  '$.answers.treated.weightKg': 'weight',
  '$.answers.treatments': 'treatments',
  '$.answers.allergies': 'allergies',
  '$.note': 'note',
};

/** What a refusal means for whoever orders, and what to do. */
export function said(no: Refused, words: ReserveWords): Said {
  const problem = no.problem as Refused['problem'] & Readonly<Record<string, unknown>>;
  if (isUndecided(no)) return nowhere(words.refused.undecided(no.retryAfterSeconds));
  switch (wordOf(problem)) {
    case 'invalid-request':
      return { ...nowhere(words.refused.invalid), fields: fieldsOf(problem['errors']) };
    case 'out-of-stock':
      return { ...nowhere(words.refused.outOfStock), products: missingOf(problem['lines'], words) };
    case 'age':
      return { ...nowhere(words.refused.age), fields: new Map([['birth', words.faults.birth.tooYoung]]) };
    case 'answers-missing':
      return { ...nowhere(words.refused.invalid), fields: new Map([['birthYear', words.faults.birthYear.missing]]) };
    case 'consent':
      return { ...nowhere(words.refused.invalid), fields: new Map([['consent', words.faults.consent.missing]]) };
    case 'too-many-open-orders':
      return nowhere(words.refused.tooMany);
    case 'click-and-collect-off':
    case 'unknown-pharmacy':
      return nowhere(words.refused.off);
    case 'paused':
      return nowhere(words.refused.paused);
    default:
      // What the dose law and the catalogue refuse is told in a whole sentence, in the language of the page.
      return nowhere(problem.detail ?? words.refused.unknown);
  }
}

function nowhere(all: string): Said {
  return { fields: new Map(), products: new Map(), all };
}

function fieldsOf(errors: unknown): ReadonlyMap<Field, string> {
  const found = new Map<Field, string>();
  for (const [path, sentences] of Object.entries((errors ?? {}) as Readonly<Record<string, readonly string[]>>)) {
    const field = FIELDS[path.replace(/\[.*$/, '')];
    if (field !== undefined) found.set(field, sentences.join(' '));
  }
  return found;
}

function missingOf(lines: unknown, words: ReserveWords): ReadonlyMap<string, string> {
  return new Map(((lines ?? []) as readonly Missing[]).map(({ cip13, available }) => [cip13, words.refused.left(available)]));
}
