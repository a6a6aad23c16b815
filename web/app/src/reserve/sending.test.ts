import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refused } from '../api';
import { said } from './refusals';
import { reserveWords } from './reserveWords';
import { OrderKey, place, type Store } from './sending';

const PHARMACY = '990000010';
const PLACED = { orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E', token: 'x'.repeat(43) };

class Memory implements Store {
  readonly kept = new Map<string, string>();
  getItem = (name: string): string | null => this.kept.get(name) ?? null;
  setItem = (name: string, value: string): void => void this.kept.set(name, value);
  removeItem = (name: string): void => void this.kept.delete(name);
}

const answer = (status: number, body: object, headers: Record<string, string> = {}): Response => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const problem = (status: number, word: string, headers: Record<string, string> = {}): Response => answer(status, { type: `/problems/${word}`, status }, headers);

describe('an order that is sent', () => {
  const keysSent: string[] = [];
  let answers: (() => Response)[] = [];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.stubGlobal('document', { documentElement: { lang: 'fr' } });
    keysSent.length = 0;
    vi.stubGlobal('fetch', (_: string, sent: RequestInit) => {
      keysSent.push((sent.headers as Record<string, string>)['idempotency-key'] ?? '');
      const next = answers.shift();
      return next === undefined ? Promise.reject(new TypeError('cut')) : Promise.resolve(next());
    });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  async function send(keys: OrderKey, body = '{"a":1}'): Promise<{ readonly result: unknown; readonly lost: number }> {
    let [lost, done] = [0, false];
    const sending = place(PHARMACY, body, keys, () => lost++)
      .catch((error: unknown) => error)
      .finally(() => (done = true));
    // Digests are made by another thread, which no timer waits for.
    while (!done) {
      await vi.advanceTimersByTimeAsync(10_000);
      await new Promise((wake) => setImmediate(wake));
    }
    return { result: await sending, lost };
  }

  const cut = (): Response => {
    throw new TypeError('cut');
  };

  it('is sent again under the same key until there is an answer, and the key is forgotten then', async () => {
    const keys = new OrderKey(PHARMACY, new Memory());
    answers = [cut, () => problem(503, 'overloaded', { 'retry-after': '2' }), () => problem(409, 'request-in-flight'), () => answer(201, PLACED)];
    expect(await send(keys)).toEqual({ result: PLACED, lost: 3 });
    expect(keysSent).toHaveLength(4);
    expect(new Set(keysSent).size).toBe(1);
    expect(keys.isOpen).toBe(false);
  });

  it('keeps its key over a new load of the page, for that very body', async () => {
    const store = new Memory();
    const key = await new OrderKey(PHARMACY, store).of('{"a":1}');
    const later = new OrderKey(PHARMACY, store);
    expect(later.isOpen).toBe(true);
    expect(await later.of('{"a":1}')).toBe(key);
    expect(await later.of('{"a":2}')).not.toBe(key);
    expect([...store.kept.values()].join()).not.toContain('"a"');
  });

  it('ends with a refusal, after which nothing is open', async () => {
    const keys = new OrderKey(PHARMACY, new Memory());
    answers = [() => problem(409, 'out-of-stock')];
    const { result } = await send(keys);
    expect(result).toBeInstanceOf(Refused);
    expect((result as Refused).status).toBe(409);
    expect(keys.isOpen).toBe(false);
  });

  it.each([
    ['a service that asks to wait', (): Response => problem(429, 'too-many-requests', { 'retry-after': '7' })],
    ['somebody on the way', (): Response => new Response('<h1>Forbidden</h1>', { status: 403, headers: { 'content-type': 'text/html' } })],
    ['somebody on the way, as a problem', (): Response => answer(400, { title: 'Bad Request', status: 400 })],
  ])('stays open after an answer of %s: the second press sends the same key', async (_, no) => {
    const keys = new OrderKey(PHARMACY, new Memory());
    answers = [cut, no];
    const { result } = await send(keys);
    expect(result).toBeInstanceOf(Refused);
    expect(keys.isOpen).toBe(true);
    expect(said(result as Refused, reserveWords('en')).all).toContain('taken once only');
    answers = [() => answer(201, PLACED)];
    expect((await send(keys)).result).toEqual(PLACED);
    expect(keysSent).toHaveLength(3);
    expect(new Set(keysSent).size).toBe(1);
  });

  it('takes the page of a network that wants a login for a lost answer', async () => {
    answers = [() => new Response('<h1>Wi-Fi</h1>', { status: 200, headers: { 'content-type': 'text/html' } }), () => answer(201, PLACED)];
    expect(await send(new OrderKey(PHARMACY, new Memory()))).toEqual({ result: PLACED, lost: 1 });
    expect(new Set(keysSent).size).toBe(1);
  });

  it('takes a new key where its own was used for something else', async () => {
    answers = [() => problem(422, 'key-reused'), () => answer(201, PLACED)];
    expect((await send(new OrderKey(PHARMACY, new Memory()))).result).toEqual(PLACED);
    expect(new Set(keysSent).size).toBe(2);
  });

  it('is safe without storage for as long as the page stands', async () => {
    const barred: Store = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('barred');
      },
      removeItem: () => undefined,
    };
    const keys = new OrderKey(PHARMACY, barred);
    answers = [cut, () => problem(429, 'too-many-requests')];
    expect((await send(keys)).result).toBeInstanceOf(Refused);
    answers = [() => answer(201, PLACED)];
    expect((await send(keys)).result).toEqual(PLACED);
    expect(new Set(keysSent).size).toBe(1);
  });
});
