import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../api';
import { act, find, follow, type Order } from './orders';

const HELD = { orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E', token: 'x'.repeat(43) };

const hub = vi.hoisted(() => ({ state: 'Disconnected', starts: 0, refusals: 0, asked: [] as unknown[][], reconnected: (): void => undefined }));
vi.mock('@microsoft/signalr', () => {
  const connection = {
    get state() {
      return hub.state;
    },
    on: () => undefined,
    onreconnecting: () => undefined,
    onreconnected: (done: () => void) => (hub.reconnected = done),
    onclose: () => undefined,
    start: () => {
      if (hub.state !== 'Disconnected') return Promise.reject(new Error('not disconnected'));
      [hub.state, hub.starts] = ['Connected', hub.starts + 1];
      return Promise.resolve();
    },
    stop: () => Promise.resolve(void (hub.state = 'Disconnected')),
    invoke: (...asked: unknown[]) => {
      hub.asked.push(asked);
      return hub.refusals-- > 0 ? Promise.reject(new Error('refused')) : Promise.resolve({ state: { seq: hub.asked.length } });
    },
  };
  class HubConnectionBuilder {
    withUrl = () => this;
    withAutomaticReconnect = () => this;
    configureLogging = () => this;
    build = () => connection;
  }
  return { HubConnectionBuilder, HubConnectionState: { Disconnected: 'Disconnected' }, LogLevel: { None: 6 } };
});

describe('the live link of an order', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('comes back after a watch that failed, the first one and one after a reconnection', async () => {
    const [seen, links]: [number[], boolean[]] = [[], []];
    hub.refusals = 1;
    const stop = follow(HELD, ({ seq }) => seen.push(seq), (yes) => links.push(yes));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(hub.starts).toBe(2);
    expect(seen).toEqual([2]);
    hub.refusals = 1;
    hub.reconnected();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(seen).toEqual([2, 4]);
    expect(links.at(-1)).toBe(true);
    expect(hub.asked[0]).toEqual(['WatchOrder', HELD.orderId, HELD.token]);
    stop();
  });
});

describe('what is done to an order', () => {
  const keys: (string | undefined)[] = [];
  let answers: (() => Response)[] = [];
  const cut = (): Response => {
    throw new TypeError('cut');
  };
  const done = (): Response => new Response('{}', { headers: { 'content-type': 'application/json' } });
  const order = (): Response => Response.json({ seq: 7 } satisfies Partial<Order>);

  beforeEach(() => {
    keys.length = 0;
    vi.stubGlobal('document', { documentElement: { lang: 'fr' } });
    vi.stubGlobal('fetch', (_: string, sent: RequestInit) => {
      if (sent.method === 'POST') keys.push((sent.headers as Record<string, string>)['idempotency-key']);
      return new Promise((resolve) => resolve((answers.shift() ?? cut)()));
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('keeps its key until it is answered, so that a second press sends no second message', async () => {
    answers = [cut, cut];
    await expect(act(HELD, 'messages', { text: 'Bonjour' })).rejects.toBeInstanceOf(TypeError);
    answers = [() => new Response('', { status: 502 })];
    await expect(act(HELD, 'messages', { text: 'Bonjour' })).rejects.toBeInstanceOf(Refused);
    answers = [done, order];
    expect(await act(HELD, 'messages', { text: 'Bonjour' })).toEqual({ seq: 7 });
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    answers = [done, order];
    await act(HELD, 'messages', { text: 'Bonjour' });
    expect(new Set(keys).size).toBe(2);
  });

  it('is done although the order could not be read again', async () => {
    answers = [done, cut];
    expect(await act(HELD, 'messages', { text: 'Merci' })).toBeNull();
    await expect(find(HELD)).rejects.toBeInstanceOf(TypeError);
  });
});
