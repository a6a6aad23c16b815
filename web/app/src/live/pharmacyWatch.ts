import type { Instant, Status } from '../api';
import { watch } from './watch';

/** A pharmacy's status changed. */
interface PharmacyChanged {
  readonly id: string;
  readonly status: Status;
  readonly at: Instant;
}

/** What is watched and who is told. */
export interface PharmacyWatch {
  readonly id: string;
  /** The watch stands: what was missed before is to be read. */
  readonly onWatched: () => void;
  readonly onStatus: (status: Status, at: Instant) => void;
  readonly onLink: (connected: boolean) => void;
}

/** Watches a pharmacy until stopped, through every loss of connection. */
export function watchPharmacy({ id, onWatched, onStatus, onLink }: PharmacyWatch): { stop: () => void } {
  return watch<unknown, PharmacyChanged>({
    method: 'WatchPharmacy',
    args: [id],
    call: 'PharmacyChanged',
    onWatched,
    onNews: ({ status, at }) => onStatus(status, at),
    onLink,
  });
}
