import type { ProblemDetails, Refused } from '../api';

/** Whether a refusal leaves open what became of the request: it was not weighed, is still being weighed, or somebody on the way answered in the service's place. */
export function isUndecided(no: Refused): boolean {
  return no.status >= 500 || no.status === 429 || ['request-in-flight', 'too-many-requests'].includes(wordOf(no.problem)) || !(no.problem.type ?? '').includes('/problems/');
}

/** The stable word that a problem's type ends in. */
export function wordOf(problem: ProblemDetails): string {
  return problem.type?.split('/').at(-1) ?? '';
}
