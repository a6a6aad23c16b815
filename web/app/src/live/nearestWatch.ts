import type { NearestChanged, NearestWatched } from '../api';
import type { Answer } from './answers';
import { watch } from './watch';

/** What is watched and who is told. */
export interface NearestWatch {
  readonly lat: number;
  readonly lon: number;
  readonly k: number;
  readonly onAnswer: (answer: Answer) => void;
  readonly onLink: (connected: boolean) => void;
}

/** Watches the nearest serving pharmacies until stopped, through every loss of connection. */
export function watchNearest({ lat, lon, k, onAnswer, onLink }: NearestWatch): { stop: () => void } {
  return watch<NearestWatched, NearestChanged>({
    method: 'WatchNearest',
    args: [lat, lon, k],
    call: 'NearestChanged',
    onWatched: ({ epoch, state }) => onAnswer({ epoch, asOf: state.asOf, items: state.items }),
    onNews: ({ asOf, items }) => onAnswer({ epoch: null, asOf, items }),
    onLink,
  });
}
