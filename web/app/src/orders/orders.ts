import { get, refusal, Refused, type Instant } from '../api';
import { watch } from '../live/watch';
import { isUndecided } from '../reserve/undecided';

/** The first connection may take so long before what is shown counts as old. */
const PATIENCE_MS = 5_000;
const LONGEST_MS = 20_000;

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

/** The order. Throws {@link Refused}, or something else where the network gave no answer. */
export function find(held: Ticket): Promise<Order> {
  return send<Order>(held, 'GET', '');
}

/** Of what was sent and has no answer yet: its key. */
const open = new Map<string, string>();

/**
 * Acts on it, then reads it again: null where that alone failed. A lost answer is asked for again with the same key, now and whenever the same is done again, so nothing is
 * done twice. Throws as {@link find} where the act itself has no answer, or is refused.
 */
export async function act(held: Ticket, name: 'cancel' | 'accept-proposal' | 'decline-proposal' | 'messages', body?: unknown): Promise<Order | null> {
  const what = JSON.stringify([held.orderId, name, body]);
  const key = open.get(what) ?? crypto.randomUUID();
  open.set(what, key);
  try {
    await once(held, `/${name}`, body, key);
    open.delete(what);
  } catch (no) {
    if (!isLost(no)) open.delete(what);
    throw no;
  }
  return find(held).catch(() => null);
}

async function once(held: Ticket, path: string, body: unknown, key: string): Promise<void> {
  try {
    await send(held, 'POST', path, body, key);
  } catch (lost) {
    if (lost instanceof Refused && lost.status !== 503) throw lost;
    await send(held, 'POST', path, body, key);
  }
}

/** Whether nobody knows what became of a request. */
export function isLost(error: unknown): boolean {
  return !(error instanceof Refused) || isUndecided(error);
}

/** The pharmacy of the order. */
export function shop({ orderId }: Ticket): Promise<Shop> {
  return get<Shop>(`/api/v1/pharmacies/${orderId.slice(0, 9)}`, AbortSignal.timeout(LONGEST_MS));
}

/** Calls with the order whenever it changes, and after each return of the connection; until stopped. */
export function follow({ orderId, token }: Ticket, changed: (order: Order) => void, alive: (yes: boolean) => void): () => void {
  const patience = setTimeout(() => alive(false), PATIENCE_MS);
  const { stop } = watch<{ readonly state: Order }, { readonly order: Order }>({
    method: 'WatchOrder',
    args: [orderId, token],
    call: 'OrderChanged',
    onWatched: ({ state }) => changed(state),
    onNews: ({ order }) => changed(order),
    onLink: (yes) => {
      clearTimeout(patience);
      alive(yes);
    },
  });
  return () => {
    clearTimeout(patience);
    stop();
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
  const response = await fetch(`/api/v1/orders/${orderId}${path}`, { method, signal: AbortSignal.timeout(LONGEST_MS), headers, credentials: 'omit', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!response.ok) throw await refusal(response);
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return (isJson ? await response.json() : null) as T;
}
