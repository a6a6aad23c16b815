import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_FILTERS } from '../find/filters';
import { clock } from '../time/clock.svelte';
import { NearestSearch } from './search.svelte';

const NOW = Date.parse('2026-11-28T10:00:00Z');
const LATER = '2026-11-28T21:00:00+01:00';
const NANTES = { kind: 'town', town: { name: 'Nantes', territory: '44', lat: 47.2, lon: -1.55, population: 1 } } as const;

let listed: readonly string[] = [];
let stop: () => void = () => undefined;
const fetched = vi.fn((_: string) => Promise.resolve(Response.json({ asOf: new Date(Date.now()).toISOString(), stale: false, items: listed.map((id, n) => ({ id, distance: n, status: { state: 'open', until: null } })) })));
const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('fetch', fetched);
  fetched.mockClear();
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function foreseen(...ids: readonly string[]): Promise<NearestSearch> {
  listed = ids;
  const search = new NearestSearch();
  stop = search.start();
  search.seek({ ...NO_FILTERS, at: LATER });
  search.around(NANTES);
  await vi.advanceTimersByTimeAsync(0);
  return search;
}

const ids = (search: NearestSearch) => search.view?.rows.map(({ item }) => item.id);

describe('A list of another time', () => {
  it('holds only who is foreseen: who leaves it goes at once', async () => {
    const search = await foreseen('a', 'b');
    listed = ['b'];
    await search.refresh();
    expect(ids(search)).toEqual(['b']);
  });

  it('is asked for again every five minutes, and by who comes back after as long', async () => {
    const search = await foreseen('a');
    await vi.advanceTimersByTimeAsync(4 * 60_000);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(fetched).toHaveBeenCalledTimes(1);
    page.visibilityState = 'hidden';
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(fetched).toHaveBeenCalledTimes(1);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(fetched).toHaveBeenCalledTimes(3);
    expect(search.isStale).toBe(false);
  });

  it('is old after ten minutes without an answer', async () => {
    const search = await foreseen('a');
    fetched.mockRejectedValue(new TypeError('No network'));
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    expect(search.isStale).toBe(false);
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect([search.isStale, search.isPast]).toEqual([true, false]);
    fetched.mockReset();
  });

  it('is past once its time has come, and no longer asked for', async () => {
    const search = await foreseen('a');
    vi.setSystemTime(Date.parse(LATER) + 1_000);
    clock.now = clock.exact();
    const before = fetched.mock.calls.length;
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect([search.isStale, search.isPast]).toEqual([true, true]);
    expect(fetched.mock.calls.length).toBe(before);
  });
});
