import { HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { Refused, type Instant, type ProblemDetails } from '../api';

const PAUSE_MS = 2_000;

export type OrderState = 'submitted' | 'accepted' | 'proposed' | 'ready' | 'collected' | 'refused' | 'cancelled' | 'expired';

export interface OrderLine {
  readonly cip13: string;
  readonly quantity: number;
  readonly name: string;
  /** Euro cents a box; null where the price is the pharmacy's to say. */
  readonly priceCents: number | null;
}

export interface Order {
  readonly orderId: string;
  readonly state: OrderState;
  readonly seq: number;
  readonly lines: readonly OrderLine[];
  readonly totalCents: number | null;
  readonly heldUntil: Instant;
  readonly expectedBy: Instant;
  readonly timeline: readonly { readonly state: OrderState; readonly at: Instant }[];
  readonly messages: readonly { readonly at: Instant; readonly from: 'buyer' | 'pharmacy'; readonly text: string }[];
  readonly late: boolean;
  readonly proposal?: readonly OrderLine[];
  readonly pickupCode?: string;
  readonly reason?: string;
}

export interface Shop {
  readonly name: string;
  readonly phone: string | null;
  readonly address: { readonly street: string | null; readonly postcode: string | null; readonly city: string | null };
  readonly modules: { readonly onCallOrders: boolean };
}

/** An order and the secret that opens it, as the link's fragment holds them: no server ever sees that part of an address. */
export interface Ticket {
  readonly orderId: string;
  readonly token: string;
}

/** Reads `#990000010-01J….token`; null where it is something else. */
export function ticket(fragment: string): Ticket | null {
  const match = /^#(\w{9}-[0-9A-Z]{26})\.([\w-]{20,100})$/.exec(fragment);
  const [, orderId, token] = match ?? [];
  return orderId === undefined || token === undefined ? null : { orderId, token };
}

/** The order. Throws {@link Refused}, or TypeError where the network gave no answer. */
export function find(held: Ticket): Promise<Order> {
  return send<Order>(held, 'GET', '');
}

/** Acts on it, then reads it again. A lost answer is asked for again with the same key, so nothing is done twice. */
export async function act(held: Ticket, name: 'cancel' | 'accept-proposal' | 'decline-proposal' | 'messages', body?: unknown): Promise<Order> {
  const key = crypto.randomUUID();
  try {
    await send(held, 'POST', `/${name}`, body, key);
  } catch (lost) {
    if (!(lost instanceof TypeError || (lost instanceof Refused && lost.status === 503))) throw lost;
    await send(held, 'POST', `/${name}`, body, key);
  }
  return find(held);
}

/** The pharmacy of the order. */
export async function shop({ orderId }: Ticket): Promise<Shop> {
  const response = await fetch(`/api/v1/pharmacies/${orderId.slice(0, 9)}`, { headers: { accept: 'application/json' }, credentials: 'omit' });
  if (!response.ok) throw new Refused(response.status, {}, null);
  return (await response.json()) as Shop;
}

/** Calls with the order whenever it changes, and after each return of the connection; until stopped. */
export function follow({ orderId, token }: Ticket, changed: (order: Order) => void, alive: (yes: boolean) => void): () => void {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/live', { withCredentials: false })
    .withAutomaticReconnect({ nextRetryDelayInMilliseconds: () => PAUSE_MS })
    .configureLogging(LogLevel.None)
    .build();
  let stopped = false;
  connection.on('OrderChanged', (news: { readonly order: Order }) => {
    if (!stopped) changed(news.order);
  });
  connection.onreconnecting(() => alive(false));
  connection.onreconnected(() => void watch());

  async function watch(): Promise<void> {
    const watched = await connection.invoke<{ readonly state: Order }>('WatchOrder', orderId, token);
    if (stopped) return;
    alive(true);
    changed(watched.state);
  }

  // The first connection is tried until it stands; while it does not, what is shown is as old as the last answer.
  async function begin(): Promise<void> {
    while (!stopped) {
      try {
        await connection.start();
        await watch();
        return;
      } catch {
        alive(false);
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

/** Of two states of one order the one to show: the greater `seq`, and of two alike the later. */
export function newer(known: Order | null, news: Order): Order {
  return known !== null && known.seq > news.seq ? known : news;
}

async function send<T>({ orderId, token }: Ticket, method: 'GET' | 'POST', path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang, authorization: `Bearer ${token}` };
  if (key !== undefined) headers['idempotency-key'] = key;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await fetch(`/api/v1/orders/${orderId}${path}`, { method, headers, credentials: 'omit', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const answer: unknown = isJson ? await response.json() : null;
  if (!response.ok) throw new Refused(response.status, (answer ?? {}) as ProblemDetails, null);
  return answer as T;
}
