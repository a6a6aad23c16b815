import type { Dose, DoseProblem, Doses } from './calls';
import type { Line } from './draft.svelte';

/** One substance of a basket against its limit. */
export interface DoseBar {
  readonly substance: string;
  readonly grams: number | null;
  readonly limitGrams: number | null;
  /** Part of the limit, 1 being all of it. */
  readonly share: number;
  readonly state: 'within' | 'full' | 'over';
}

/** Shares are floating point: what lies within a billionth of the limit is the limit. */
const WHOLE = 1 + 1e-9;

/** What takes part in a limit, fullest first; "full" where one more of a box that is there would be too much. */
export function doseBars(doses: readonly Dose[], lines: readonly Line[]): readonly DoseBar[] {
  return doses
    .filter((dose): dose is Dose & { readonly share: number } => dose.share !== null)
    .map((dose) => ({ ...dose, state: stateOf(dose, lines) }))
    .sort((one, other) => other.share - one.share);
}

function stateOf({ substance, grams, limitGrams, share }: Dose & { readonly share: number }, lines: readonly Line[]): DoseBar['state'] {
  if (share > WHOLE) return 'over';
  if (grams === null || limitGrams === null) return 'within';
  const smallest = Math.min(...lines.flatMap(({ product }) => product.substances.filter(({ name }) => name === substance).map((part) => part.grams ?? Number.POSITIVE_INFINITY)));
  return (grams + smallest) / limitGrams > WHOLE ? 'full' : 'within';
}

/** What is refused for certain: not a mass that the pharmacy may have read from the box itself, nor a limit beyond which it takes orders to look at them. */
export function blocking({ problems }: Doses, doseAlert: boolean): readonly DoseProblem[] {
  return problems.filter(({ type }) => !type.endsWith('/mass-unknown') && !(doseAlert && type.endsWith('/dose-limit-exceeded')));
}

/** What the pharmacy may take all the same. */
export function doubtful(doses: Doses, doseAlert: boolean): readonly DoseProblem[] {
  const sure = new Set(blocking(doses, doseAlert));
  return doses.problems.filter((problem) => !sure.has(problem));
}
