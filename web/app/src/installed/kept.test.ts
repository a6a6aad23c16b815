import { describe, expect, it } from 'vitest';
import { find, forgetUnkept, isNear, keep, nameOf } from './kept';
import { ASKED, RECEIVED } from './received';

const AT = 'https://pharmacies.example';

/** What the browser's own does, as far as it is used here. */
class PlainCache {
  readonly #kept = new Map<string, Response>();
  put = (name: string, answer: Response) => Promise.resolve(void (this.#kept.delete(name), this.#kept.set(name, answer)));
  match = (name: string | Request) => Promise.resolve(this.#kept.get(typeof name === 'string' ? name : new URL(name.url).pathname)?.clone());
  delete = (request: Request) => Promise.resolve(this.#kept.delete(new URL(request.url).pathname));
  keys = () => Promise.resolve([...this.#kept.keys()].map((name) => new Request(AT + name)));
}

const newCache = () => new PlainCache() as unknown as Cache;
const asked = (path: string, init?: RequestInit) => new Request(AT + path, init);
const around = (lat: number, lon: number, status = 'serving') => asked(`/api/v1/pharmacies/nearest?lat=${lat}&lon=${lon}&k=10&status=${status}`);

const schedule = (from: number, to: number) => asked(`/api/v1/pharmacies/990000010/schedule?from=${day(from)}&to=${day(to)}`);
const day = (n: number) => new Date(Date.UTC(2026, 10, 28 + n)).toISOString();
const towns = (...items: readonly { readonly lat: number; readonly lon: number }[]) => [asked('/api/v1/towns?q=a&limit=8'), { items: items.map((one) => ({ name: 'Arles', ...one })) }] as const;

async function put(cache: Cache, request: Request, body: unknown = {}): Promise<void> {
  await keep(cache, nameOf(request)!, request, Response.json(body), 1_000);
}

describe('what is kept', () => {
  it('is the list, its town, and pharmacies, and nothing that needs a right or changes something', () => {
    expect(nameOf(around(48.85, 2.35))).toBe('/kept/nearest/serving');
    expect(nameOf(asked('/api/v1/pharmacies/990000010'))).toBe('/kept/api/v1/pharmacies/990000010');
    expect(nameOf(asked('/api/v1/pharmacies/990000010?product=3400930000000'))).toBeNull();
    expect(nameOf(schedule(-1, 15))).toBe('/kept/api/v1/pharmacies/990000010/schedule');
    expect(nameOf(asked('/api/v1/orders/990000010-01M83T5FZ08PAQ1Y7TZFQ2RE5J'))).toBeNull();
    expect(nameOf(asked('/api/v1/pharmacies/990000010/orders', { method: 'POST' }))).toBeNull();
    expect(nameOf(asked('/api/v1/pharmacies/990000010', { headers: { authorization: 'Bearer x' } }))).toBeNull();
    expect(nameOf(asked('/api/v1/counter/990000010/orders'))).toBeNull();
  });

  it('says when it was received, and names no position', async () => {
    const cache = newCache();
    await put(cache, ...towns({ lat: 48.8566, lon: 2.3522 }));
    await put(cache, around(48.8566, 2.3522), { items: [] });
    const kept = await find(cache, '/kept/nearest/serving', around(48.8567, 2.3523));
    expect(kept?.headers.get(RECEIVED)).toBe('1000');
    for (const key of await cache.keys()) expect(key.url).not.toContain('48');
  });

  it('is the last place only', async () => {
    const cache = newCache();
    await put(cache, ...towns({ lat: 48.85, lon: 2.35 }, { lat: 45.75, lon: 4.83 }));
    await put(cache, around(48.85, 2.35, 'any'));
    await put(cache, around(45.75, 4.83));
    expect(await cache.keys()).toHaveLength(2);
    expect(await find(cache, '/kept/nearest/any', around(48.85, 2.35, 'any'))).toBeNull();
    expect(await find(cache, '/kept/nearest/serving', around(48.85, 2.35))).toBeNull();
    expect(isNear(around(45.75, 4.83).url, around(45.7521, 4.8279).url)).toBe(true);
  });

  it('is never a list around somebody’s own position', async () => {
    const cache = newCache();
    await put(cache, around(48.85, 2.35));
    await put(cache, ...towns({ lat: 48.8566, lon: 2.3522 }));
    await put(cache, around(48.8565, 2.3522));
    expect((await cache.keys()).map(({ url }) => url)).toEqual([`${AT}/kept/towns`]);
  });

  it('is so no more where an older build kept what this one would not', async () => {
    const cache = newCache();
    const kept = (request: Request) => new Response('{}', { headers: { [ASKED]: request.url } });
    await put(cache, ...towns({ lat: 48.85, lon: 2.35 }));
    await put(cache, around(48.85, 2.35));
    await cache.put('/kept/nearest/any', kept(around(48.8612, 2.3377, 'any')));
    await put(cache, asked('/api/v1/pharmacies/990000010'));
    await cache.put('/kept/api/v1/pharmacies/990000028', kept(asked('/api/v1/pharmacies/990000028?product=3400930000000')));
    await forgetUnkept(cache);
    expect((await cache.keys()).map(({ url }) => new URL(url).pathname)).toEqual(['/kept/towns', '/kept/nearest/serving', '/kept/api/v1/pharmacies/990000010']);
  });

  it('is the schedule that a pharmacy’s page asks for, in which shorter ones are found as far as it goes', async () => {
    const cache = newCache();
    const name = nameOf(schedule(0, 9))!;
    await put(cache, schedule(0, 9), 'short');
    expect(await find(cache, name, schedule(0, 9))).toBeNull();
    await put(cache, schedule(-1, 15), 'long');
    await put(cache, schedule(0, 9), 'short');
    expect(await (await find(cache, name, schedule(0, 9)))?.json()).toBe('long');
    expect(await find(cache, name, schedule(8, 17))).toBeNull();
    expect(await (await find(cache, name, schedule(2, 18)))?.json()).toBe('long');
  });

  it('finds a town again by its name after only its beginning was typed', async () => {
    const cache = newCache();
    await put(cache, asked('/api/v1/towns?q=evr&limit=8'), { items: [{ name: 'Évreux' }, { name: 'Évry' }] });
    const kept = await find(cache, '/kept/towns', asked('/api/v1/towns?q=%C3%89vreux&limit=8'));
    expect(await kept?.json()).toEqual({ items: [{ name: 'Évreux' }] });
    expect(await find(cache, '/kept/towns', asked('/api/v1/towns?q=Paris&limit=8'))).toBeNull();
  });

  it('is no more than twenty pharmacies', async () => {
    const cache = newCache();
    for (let i = 0; i < 25; i++) await put(cache, asked(`/api/v1/pharmacies/${990000010 + i}`));
    expect(await cache.keys()).toHaveLength(20);
    expect(await find(cache, '/kept/api/v1/pharmacies/990000010', asked('/api/v1/pharmacies/990000010'))).toBeNull();
    expect(await find(cache, '/kept/api/v1/pharmacies/990000034', asked('/api/v1/pharmacies/990000034'))).not.toBeNull();
  });
});
