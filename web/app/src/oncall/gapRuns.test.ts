import { describe, expect, it } from 'vitest';
import { daysOf, runsOf } from './gapRuns';
import type { Gap } from './wire';

function night(day: number, more: Partial<Gap> = {}): Gap {
  const two = (n: number) => String(n).padStart(2, '0');
  return { word: 'gap', sector: 'A', kind: 'night', start: `2026-12-${two(day)}T20:00:00+01:00`, end: `2026-12-${two(day + 1)}T08:00:00+01:00`, pharmacies: [], sentence: '', ...more };
}

describe('troubles', () => {
  it('that follow each other night by night are one run, for each sector its own', () => {
    const runs = runsOf([night(1), night(1, { sector: 'B' }), night(2), night(2, { sector: 'B' }), night(3), night(5)]);
    expect(runs.map((run) => [run.first.sector, run.count, ...daysOf(run)])).toEqual([
      ['A', 3, '2026-12-01', '2026-12-03'],
      ['B', 2, '2026-12-01', '2026-12-02'],
      ['A', 1, '2026-12-05', '2026-12-05'],
    ]);
  });

  it('of Sundays follow each other from week to week', () => {
    const sunday = (day: number) => night(day, { kind: 'sundayOrHoliday', start: `2026-12-${day}T08:00:00+01:00`, end: `2026-12-${day}T20:00:00+01:00` });
    expect(runsOf([sunday(13), sunday(20)]).map(({ count }) => count)).toEqual([2]);
    expect(runsOf([sunday(13), sunday(27)]).map(({ count }) => count)).toEqual([1, 1]);
  });

  it('other than gaps are told one by one', () => {
    expect(runsOf([night(1, { word: 'double-booking' }), night(2, { word: 'double-booking' })])).toHaveLength(2);
  });
});
