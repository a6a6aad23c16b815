import { describe, expect, it } from 'vitest';
import { byDay, countOf, entryOf, loads, monthsOf, nextMonth, weeksOf } from './calendar';
import type { Duty, Gap } from './wire';

function night(day: string, pharmacy: string, sector = 'A'): Duty {
  return { sector, start: `${day}T20:00:00+01:00`, end: `${day}T23:00:00+01:00`, kind: 'night', pharmacy, name: null, city: null, access: 'bell' };
}

function gap(start: string, end: string, word: Gap['word'] = 'gap'): Gap {
  return { word, sector: 'A', kind: 'night', start, end, pharmacies: [], sentence: '' };
}

describe('a month', () => {
  it('begins its weeks on Monday and holds each of its days once', () => {
    const weeks = weeksOf('2028-02');
    expect(weeks[0]).toEqual([null, '2028-02-01', '2028-02-02', '2028-02-03', '2028-02-04', '2028-02-05', '2028-02-06']);
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(29);
    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeksOf('2027-02')).toHaveLength(4);
  });

  it('is followed over the turn of the year', () => {
    expect([nextMonth('2026-12', 1), nextMonth('2027-01', -1), nextMonth('2026-06', 12)]).toEqual(['2027-01', '2026-12', '2027-06']);
    expect(monthsOf(2027).at(-1)).toBe('2027-12');
  });
});

describe('a day', () => {
  it('holds the duties of its sector and kind that begin on it', () => {
    const days = byDay([night('2026-11-28', 'x'), night('2026-11-28', 'y'), night('2026-11-28', 'z', 'B'), { ...night('2026-11-28', 'd'), kind: 'day' }], [], 'A', 'night');
    expect(entryOf(days, '2026-11-28').duties.map(({ pharmacy }) => pharmacy)).toEqual(['x', 'y']);
    expect(entryOf(days, '2026-11-29')).toEqual({ duties: [], marks: [] });
  });

  it('is marked where a trouble reaches into it, but not for the morning on which that ends', () => {
    const days = byDay([], [gap('2026-11-28T20:00:00+01:00', '2026-11-29T08:00:00+01:00'), gap('2026-12-01T20:00:00+01:00', '2026-12-04T08:00:00+01:00')], 'A', 'night');
    expect([...days.keys()]).toEqual(['2026-11-28', '2026-12-01', '2026-12-02', '2026-12-03']);
    expect([...byDay([], [gap('2026-11-29T08:00:00+01:00', '2026-11-29T20:00:00+01:00')], 'A', 'night').keys()]).toEqual(['2026-11-29']);
  });

  it('counts once among those to look at, however much is wrong with it', () => {
    const at = ['2026-11-28T20:00:00+01:00', '2026-11-29T08:00:00+01:00'] as const;
    const days = byDay([night('2026-11-28', 'x'), night('2026-12-01', 'x')], [gap(...at), gap(...at, 'double-booking')], 'A', 'night');
    expect(countOf(days, '2026-11')).toEqual({ duties: 1, marks: 1 });
    expect(countOf(days, '2026-12')).toEqual({ duties: 1, marks: 0 });
  });
});

describe('loads', () => {
  it('stand in the order of the rota, with those who never serve and those who are not of it', () => {
    expect(loads([night('2026-11-28', 'b'), night('2026-11-29', 'z'), night('2026-11-30', 'b')], ['a', 'b'], 'A', 'night')).toEqual([
      { pharmacy: 'a', duties: 0 },
      { pharmacy: 'b', duties: 2 },
      { pharmacy: 'z', duties: 1 },
    ]);
  });
});
