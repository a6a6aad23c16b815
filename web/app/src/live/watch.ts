import { HubConnectionBuilder, HubConnectionState, LogLevel, type HubConnection } from '@microsoft/signalr';

const LONGEST_PAUSE_MS = 15_000;

/** What is asked of /hubs/live, and who is told. */
export interface Watch<TWatched, TNews> {
  readonly method: string;
  readonly args: readonly (string | number)[];
  /** The call by which the service tells of changes. */
  readonly call: string;
  readonly onWatched: (watched: TWatched) => void;
  readonly onNews: (news: TNews) => void;
  readonly onLink: (connected: boolean) => void;
}

/** Watches until stopped, through every loss of connection. */
export function watch<TWatched, TNews>({ method, args, call, onWatched, onNews, onLink }: Watch<TWatched, TNews>): { stop: () => void } {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { withCredentials: false })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: ({ previousRetryCount }) => pause(previousRetryCount) })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;

  // One connection holds one watch, so all that it brings is ours, even news that overtakes the answer to the watch.
  connection.on(call, (news: TNews) => {
    if (!stopped) onNews(news);
  });
  connection.onreconnecting(() => link(false));
  // A new connection has no subscriptions: watch again, whatever was watched before.
  connection.onreconnected(() => void begin());
  connection.onclose(() => link(false));

  function link(connected: boolean): void {
    if (!stopped) onLink(connected);
  }

  async function begin(): Promise<void> {
    try {
      const watched = await connection.invoke<TWatched>(method, ...args);
      if (stopped) return;
      link(true);
      onWatched(watched);
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
