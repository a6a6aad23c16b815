import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';

const PAUSE_MS = 2_000;

/** Calls whenever a pharmacy changes, on whatever screen that was done, and after each return of the connection; until stopped. */
export function follow(id: string, changed: () => void): () => void {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { withCredentials: false })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => PAUSE_MS })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;
  connection.on('PharmacyChanged', (news: { readonly id: string }) => {
    if (!stopped && news.id === id) changed();
  });
  connection.onreconnected(() => void watch());

  async function watch(): Promise<void> {
    await connection.invoke('WatchPharmacy', id);
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
