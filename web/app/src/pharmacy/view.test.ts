import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Instant, Status } from '../api';
import { PharmacyView } from './view.svelte';

const NOW = Date.parse('2026-11-28T10:00:00Z');

interface Watching {
  readonly onStatus: (status: Status, at: Instant) => void;
}

let watching: Watching | null = null;
vi.mock('../live/pharmacyWatch', () => ({ watchPharmacy: (given: Watching) => ((watching = given), { stop: () => undefined }) }));

let state = 'open';
let slowness = 0;

// As the network: what is answered is as it was when it was asked, and an answer that nobody wants any more does not come.
function fetched(address: string, { signal }: RequestInit): Promise<Response> {
  const body = address.includes('/schedule') ? { zone: 'Europe/Paris', intervals: [], holidays: [] } : { id: '990000010', seq: 1, zone: 'Europe/Paris', services: [], status: { state, until: null } };
  return new Promise((resolve, reject) => {
    setTimeout(() => resolve(Response.json(body, { headers: { date: new Date().toUTCString() } })), slowness);
    signal?.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')));
  });
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  vi.stubGlobal('navigator', { onLine: true });
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('fetch', fetched);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('News of a pharmacy', () => {
  it('are not undone by an answer that was on its way when they came', async () => {
    const view = new PharmacyView('990000010');
    const stop = view.start();
    await vi.advanceTimersByTimeAsync(10);
    await vi.waitFor(() => expect(watching).not.toBeNull());
    expect(view.view?.status.state).toBe('open');

    slowness = 500;
    void view.refresh();
    state = 'closed';
    watching?.onStatus({ state: 'closed', since: null, until: null, access: null, reason: null }, new Date().toISOString());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(view.view?.status.state).toBe('closed');
    expect(view.problem).toBeNull();

    await vi.advanceTimersByTimeAsync(2_000);
    expect(view.view?.status.state).toBe('closed');
    stop();
  });
});
