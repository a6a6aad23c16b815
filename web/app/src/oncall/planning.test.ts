import { describe, expect, it } from 'vitest';
import { desks } from './desks';
import { edited } from './draft';
import { barsOf, scaleOf, widest } from './fairness';
import { matching } from './matching';
import { isNews, mayReplace } from './standing';
import type { Duty, Figures } from './wire';
import { wishBody } from './wishes';

function duty(day: string, pharmacy: string): Duty {
  return { sector: 'A', start: `${day}T20:00:00+01:00`, end: `${day}T23:00:00+01:00`, kind: 'night', pharmacy, name: 'N', city: 'C', access: 'bell', phone: '01' };
}

describe('desks', () => {
  it('are planning first, then dispatching, then each pharmacy once; only a titulaire speaks for his', () => {
    expect(desks(['dispatcher:75', 'operator', 'pharmacist:b', 'planner:2A', 'preparer:a', 'titulaire:a'])).toEqual([
      { role: 'planner', of: '2A', speaks: true },
      { role: 'dispatcher', of: '75', speaks: false },
      { role: 'pharmacy', of: 'a', speaks: true },
      { role: 'pharmacy', of: 'b', speaks: false },
    ]);
  });
});

describe('what is known of a department', () => {
  it('is news only where the row is later or the store another', () => {
    const known = { seq: 5, epoch: 'e' };
    expect([null, known].map((one) => isNews(one, { seq: 5, epoch: 'e' }))).toEqual([true, false]);
    expect([6, 4].map((seq) => isNews(known, { seq, epoch: 'e' }))).toEqual([true, false]);
    expect(isNews(known, { seq: 1, epoch: 'restored' })).toBe(true);
  });

  it('is not replaced by an older answer', () => {
    const known = { seq: 5, epoch: 'e' };
    expect([4, 5, 6].map((seq) => mayReplace(known, { seq, epoch: 'e' }))).toEqual([false, true, true]);
    expect(mayReplace(known, { seq: 1, epoch: 'restored' })).toBe(true);
  });
});

describe('a draft', () => {
  it('has one duty changed, and everything else of it kept', () => {
    const [a, b] = [duty('2026-11-28', 'x'), duty('2026-11-29', 'y')];
    const after = edited([a, b], a, { start: a.start, end: a.end, kind: 'night', access: 'bell', pharmacy: 'z' });
    expect(after.map(({ pharmacy }) => pharmacy)).toEqual(['z', 'y']);
    expect(after[1]).toEqual({ start: b.start, end: b.end, kind: 'night', pharmacy: 'y', access: 'bell', phone: '01' });
  });

  it('has one taken out, or one added in its place in time', () => {
    const [a, b] = [duty('2026-11-28', 'x'), duty('2026-11-30', 'y')];
    expect(edited([a, b], a, null).map(({ pharmacy }) => pharmacy)).toEqual(['y']);
    const { start, end } = duty('2026-11-29', 'z');
    expect(edited([a, b], null, { start, end, kind: 'night', access: 'bell', pharmacy: 'z' }).map(({ pharmacy }) => pharmacy)).toEqual(['x', 'z', 'y']);
  });
});

describe('fairness', () => {
  const figures = (...spread: Figures['spread'][number][]): Figures => ({ gaps: 0, spread, restViolations: 0, wishesGranted: 0, wishesRefused: 0, meanMeters: 1 });

  it('is drawn where plain round-robin is the least equal first', () => {
    const proposal = figures({ sector: 'A', kind: 'night', min: 21, max: 22 }, { sector: 'B', kind: 'night', min: 4, max: 4 });
    const roundRobin = figures({ sector: 'A', kind: 'night', min: 21, max: 22 }, { sector: 'B', kind: 'night', min: 1, max: 9 });
    const bars = barsOf(proposal, roundRobin);
    expect(bars.map(({ sector }) => sector)).toEqual(['B', 'A']);
    expect(bars[0]).toEqual({ sector: 'B', kind: 'night', proposal: [4, 4], roundRobin: [1, 9] });
    expect([widest(proposal), widest(roundRobin)]).toEqual([1, 8]);
    expect(scaleOf(bars)).toEqual({ top: 25, step: 5 });
    expect(scaleOf([])).toEqual({ top: 1, step: 1 });
  });
});

describe('finding a pharmacy', () => {
  const known = new Map([
    ['990000010', 'Pharmacie de l’Étoile, Paris'],
    ['990000028', 'Pharmacie du Marché, Lyon'],
  ]);

  it('goes by name or town without accents, and by number', () => {
    expect(matching(known, 'etoile', []).map(({ id }) => id)).toEqual(['990000010']);
    expect(matching(known, 'LYON', []).map(({ id }) => id)).toEqual(['990000028']);
    expect(matching(known, '9900000', ['990000010']).map(({ id }) => id)).toEqual(['990000028']);
    expect(matching(known, ' ', [])).toEqual([]);
  });

  it('takes a whole number that nothing is known of', () => {
    expect(matching(known, '2a0000014', [])).toEqual([{ id: '2A0000014', name: '2A0000014' }]);
    expect(matching(known, '2a00000', [])).toEqual([]);
  });
});

describe('wishes', () => {
  it('are sent by pharmacy, each date once and in order', () => {
    expect(wishBody([{ pharmacy: 'a', date: '2027-05-02' }, { pharmacy: 'b', date: '2027-01-01' }, { pharmacy: 'a', date: '2027-05-01' }, { pharmacy: 'a', date: '2027-05-02' }])).toEqual([
      { pharmacy: 'a', dates: ['2027-05-01', '2027-05-02'] },
      { pharmacy: 'b', dates: ['2027-01-01'] },
    ]);
  });
});
