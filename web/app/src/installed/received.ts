/** On an answer that was kept: when it was received, in ms of this phone's clock. */
export const RECEIVED = 'x-received-at';

/** On an answer that was kept: the address that it was asked by. */
export const ASKED = 'x-asked';

/** When this phone received an answer that it has kept for the time without a network; null for one that has just come. */
export function receivedAt(answer: Response): number | null {
  const at = answer.headers.get(RECEIVED);
  return at === null ? null : Number(at);
}

/** The address that an answer was asked by: where it was kept, perhaps another than the one asked now. */
export function askedBy(answer: Response, now: string): string {
  return answer.headers.get(ASKED) ?? now;
}
