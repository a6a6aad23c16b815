/** On an answer that was kept: when it was received, in ms of this phone's clock. */
export const RECEIVED = 'x-received-at';

/** When this phone received an answer that it has kept for the time without a network; null for one that has just come. */
export function receivedAt(answer: Response): number | null {
  const at = answer.headers.get(RECEIVED);
  return at === null ? null : Number(at);
}
