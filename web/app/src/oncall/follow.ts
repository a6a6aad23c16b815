import { HubConnectionBuilder, LogLevel, type HubConnection } from '@microsoft/signalr';
import type { RotaNews } from './wire';

const PAUSE_MS = 2_000;

/** Who joins, and who is told. */
export interface RotaWatch {
  readonly join: (connection: HubConnection) => Promise<readonly RotaNews[]>;
  readonly onNews: (news: RotaNews) => void;
  readonly onLink: (connected: boolean) => void;
}

/** Tells where the rotas stand at once, after each row, and after each return of the connection; until stopped. */
export function followRotas(watch: RotaWatch): () => void {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/oncall')
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => PAUSE_MS })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;
  let beginning = false;
  const link = (connected: boolean): void => {
    if (!stopped) watch.onLink(connected);
  };
  connection.on('RotaChanged', (news: RotaNews) => {
    if (!stopped) watch.onNews(news);
  });
  connection.onreconnecting(() => link(false));
  // A new connection has joined nothing. Where joining fails, the connection is made afresh.
  connection.onreconnected(() => void join().catch(() => connection.stop()));
  // The service ends a connection whose session ran out, too: until somebody signs in again, it is tried in vain.
  connection.onclose(() => {
    link(false);
    if (!beginning) void begin();
  });

  async function join(): Promise<void> {
    const standings = await watch.join(connection);
    if (stopped) return;
    link(true);
    standings.forEach(watch.onNews);
  }

  async function begin(): Promise<void> {
    beginning = true;
    while (!stopped && !(await begun())) await new Promise((wake) => setTimeout(wake, PAUSE_MS));
    beginning = false;
  }

  // No connection, or the service refused for now: told by the pause that is shown, and tried again.
  async function begun(): Promise<boolean> {
    try {
      await connection.start();
      await join();
      return true;
    } catch {
      await connection.stop();
      return false;
    }
  }

  void begin();
  return () => {
    stopped = true;
    void connection.stop();
  };
}
