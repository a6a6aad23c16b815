import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const PAUSE_MS = 2_000;

/** Calls whenever a pharmacy changes, on whatever screen that was done, and after each return of the connection; until stopped. */
export function follow(id: string, changed: () => void): () => void {
  return listen('/hubs/live', false, 'WatchPharmacy', id, ['PharmacyChanged'], changed);
}

/** Calls whenever a pharmacy's counter is told one of these, and after each return of the connection; until stopped. For those who are signed in there. */
export function followCounter(id: string, told: readonly string[], changed: () => void): () => void {
  return listen('/hubs/counter', true, 'JoinCounter', id, told, changed);
}

function listen(hub: string, withCredentials: boolean, join: string, id: string, told: readonly string[], changed: () => void): () => void {
  const connection = new HubConnectionBuilder()
    .withUrl(hub, { withCredentials })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => PAUSE_MS })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;
  // What names a pharmacy may name another one than this.
  for (const call of told)
    connection.on(call, (news: { readonly id?: string }) => {
      if (!stopped && (news.id ?? id) === id) changed();
    });
  connection.onreconnected(() => void watch());

  async function watch(): Promise<void> {
    await connection.invoke(join, id);
    if (!stopped) changed();
  }

  // The first connection is tried until it stands; while it does not, what is shown is as old as the last answer.
  async function begin(): Promise<void> {
    while (!stopped) {
      try {
        await connection.start();
        await watch();
        return;
      } catch {
        await new Promise((wake) => setTimeout(wake, PAUSE_MS));
      }
    }
  }

  void begin();
  return () => {
    stopped = true;
    void connection.stop();
  };
}
