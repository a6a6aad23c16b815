import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { NearestChanged, NearestWatched } from '../api';
import type { Answer } from './answers';

const LONGEST_PAUSE_MS = 15_000;

/** What is watched and who is told. */
export interface NearestWatch {
  readonly lat: number;
  readonly lon: number;
  readonly k: number;
  readonly onAnswer: (answer: Answer) => void;
  readonly onLink: (connected: boolean) => void;
}

/** Watches the nearest serving pharmacies until stopped, through every loss of connection. */
export function watchNearest(watch: NearestWatch): { stop: () => void } {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { withCredentials: false })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => pause(previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;

  // One connection holds one watch, so every list it brings is ours, even one that overtakes the answer to WatchNearest.
  connection.on('NearestChanged', ({ asOf, items }: NearestChanged) => {
    if (!stopped) watch.onAnswer({ epoch: null, asOf, items });
  });
  connection.onreconnecting(() => link(false));
  // A new connection has no subscriptions: watch again, whatever was watched before.
  connection.onreconnected(() => void begin());
  connection.onclose(() => link(false));

  function link(connected: boolean): void {
    if (!stopped) watch.onLink(connected);
  }

  async function begin(): Promise<void> {
    try {
      const watched = await connection.invoke<NearestWatched>('WatchNearest', watch.lat, watch.lon, watch.k);
      if (stopped) return;
      link(true);
      watch.onAnswer({ epoch: watched.epoch, asOf: watched.state.asOf, items: watched.state.items });
    } catch {
      // The connection fell, or the service refused for now: connect afresh, with a pause, as for any loss.
      await connection.stop();
      await connect(1);
    }
  }

  // withAutomaticReconnect only serves a connection that once stood: the first one is retried here.
  async function connect(attempt: number): Promise<void> {
    for (let n = attempt; !stopped; n++) {
      if (n > 0) await new Promise((wake) => setTimeout(wake, pause(n)));
      if (stopped || (await started(connection))) break;
    }
    if (!stopped) await begin();
  }

  void connect(0);
  return {
    stop: () => {
      stopped = true;
      void connection.stop();
    },
  };
}

async function started(connection: HubConnection): Promise<boolean> {
  try {
    if (connection.state === HubConnectionState.Disconnected) await connection.start();
    return true;
  } catch {
    return false;
  }
}

/** Doubles from half a second; a random half of it, so that the phones of a country do not return in the same second. */
function pause(attempt: number): number {
  const full = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** attempt);
  return full / 2 + Math.random() * (full / 2);
}
