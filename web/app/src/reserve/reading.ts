import type { ServiceState } from '../api';
import type { Pharmacy } from './calls';

/** A change of state may be late by so much. */
const GRACE_MS = 5_000;

/** The state that may be told at an instant: what a phone had kept, or what was to change meanwhile, is nobody's word any more. */
export function stateAt({ status, receivedAt }: Pick<Pharmacy, 'status' | 'receivedAt'>, now: number): ServiceState {
  const isOver = status.until !== null && Date.parse(status.until) + GRACE_MS <= now;
  return receivedAt !== undefined || isOver ? 'unknown' : status.state;
}
