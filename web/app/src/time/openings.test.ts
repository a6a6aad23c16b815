import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServiceState } from '../api';
import { attended, getOpenings, type Opening } from './openings';
import { spoken, spokenInFull } from './spoken';

const opening = (start: string, end: string, state: ServiceState): Opening => ({ start: `2026-11-${start}:00+01:00`, end: `2026-11-${end}:00+01:00`, state });
const at = (moment: string): number => Date.parse(`2026-11-${moment}:00+01:00`);

describe('who is at the counter', () => {
  const week = [opening('23T09:00', '23T19:00', 'open'), opening('23T19:00', '24T08:00', 'onCall'), opening('24T09:00', '24T19:00', 'open')];

  it('is told for now and for the next time', () => {
    expect(attended(week, at('23T10:00'), false)).toEqual({ now: true, start: week[0]?.start, end: week[0]?.end });
    expect(attended(week, at('23T19:00'), false)).toMatchObject({ now: false, start: week[2]?.start });
    expect(attended([], at('23T10:00'), false)).toBeNull();
  });

  it('is there during duty where orders are taken then, and the two are one time', () => {
    expect(attended(week, at('23T20:00'), true)).toMatchObject({ now: true, start: week[1]?.start });
    expect(attended(week, at('23T10:00'), true)?.end).toBe(week[1]?.end);
  });

  it('is not promised where the hours that come first are not confirmed', () => {
    expect(attended([opening('23T09:00', '23T12:00', 'unknown'), ...week.slice(2)], at('23T08:00'), false)).toBeNull();
  });
});

describe('the times of a pharmacy', () => {
  afterEach(() => void vi.unstubAllGlobals());

  it('have no end in sight where it is open day and night', async () => {
    const now = at('23T10:00') + 250;
    vi.stubGlobal('fetch', (address: string) => {
      const asked = new URL(address, 'https://realtime.test').searchParams;
      const [start, middle, end] = [asked.get('from'), '2026-11-25T08:00:00+01:00', asked.get('to')?.replace('.000', '')];
      return Promise.resolve(Response.json({ intervals: [{ start, end: middle, state: 'open' }, { start: middle, end, state: 'open' }] }));
    });
    expect(attended(await getOpenings('990000010', now, AbortSignal.timeout(1_000)), now, false)).toMatchObject({ now: true, end: null });
  });
});

describe('a moment', () => {
  it('is said as one says it that day, by the clock of the pharmacy', () => {
    const now = at('27T10:00');
    expect(spoken('2026-11-27T19:30:00+01:00', now, 'fr')).toBe('aujourd’hui à 19\u00a0h\u00a030');
    expect(spoken('2026-11-28T09:00:00+01:00', now, 'fr')).toBe('demain à 9\u00a0h');
    expect(spoken('2026-11-30T09:00:00+01:00', now, 'fr')).toBe('lundi à 9\u00a0h');
    expect(spoken('2026-12-08T09:00:00+01:00', now, 'fr')).toBe('le 8 décembre à 9\u00a0h');
    expect(spoken('2026-11-30T09:00:00+01:00', now, 'en')).toBe('on Monday at 09:00');
    expect(spoken('2026-11-27T04:30:00-04:00', now, 'en')).toBe('today at 04:30');
  });

  it('is told in full where it may be read on another day', () => {
    expect(spokenInFull('2026-11-30T19:30:00+01:00', 'fr')).toBe('lundi 30 novembre à 19\u00a0h\u00a030');
    expect(spokenInFull('2026-12-01T08:00:00-04:00', 'fr')).toBe('mardi 1er décembre à 8\u00a0h');
    expect(spokenInFull('2026-12-01T08:00:00-04:00', 'en')).toBe('Tuesday 1 December at 08:00');
  });
});
