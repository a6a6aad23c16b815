import { describe, expect, it } from 'vitest';
import { addressOf, distanceOf, project, readAsked } from './coverage';
import { coverageWords } from './coverageWords';

describe('a distance', () => {
  it.each([
    [0, 0],
    [10_000, 0],
    [10_001, 1],
    [20_000, 1],
    [20_001, 2],
    [30_000, 2],
    [30_001, 3],
    [null, 'none'],
  ] as const)('of %s is of class %s', (meters, distance) => expect(distanceOf(meters)).toBe(distance));
});

describe('what is asked', () => {
  it('is read from the address, and what is not understood is left out', () => {
    expect(readAsked('?department=2A&at=2027-01-05T03:00')).toEqual({ department: '2A', at: '2027-01-05T03:00' });
    expect(readAsked('?department=finistere&at=tomorrow')).toEqual({ department: null, at: null });
  });

  it('names an instant, whatever the time of the reader', () => {
    expect(addressOf({ department: null, at: null })).toBe('/api/v1/coverage');
    const address = new URL(addressOf({ department: '974', at: '2027-01-05T03:00' }, 'csv'), 'http://x');
    expect(Date.parse(address.searchParams.get('at') ?? '')).toBe(new Date(2027, 0, 5, 3).getTime());
    expect(address.searchParams.get('department')).toBe('974');
    expect(address.searchParams.get('format')).toBe('csv');
  });
});

describe('the map', () => {
  it('has north up, east right, and keeps shapes', () => {
    const [south, north, east] = project([{ lat: 44, lon: 2 }, { lat: 46, lon: 2 }, { lat: 45, lon: 3 }], 100, 10);
    expect(north!.y).toBeLessThan(south!.y);
    expect(east!.x).toBeGreaterThan(south!.x);
    expect(south!.y - north!.y).toBeCloseTo(80);
    // A degree of longitude is shorter there than one of latitude.
    expect(east!.x - south!.x).toBeCloseTo(40 * Math.cos(Math.PI / 4));
  });

  it('stands still for one point and for none', () => {
    expect(project([], 100, 10)).toEqual([]);
    expect(project([{ lat: 45, lon: 2 }], 100, 10)).toEqual([{ x: 50, y: 50 }]);
  });
});

describe('the words', () => {
  it('write distances as people say them', () => {
    expect(coverageWords('fr').distance(640)).toBe('640\u00a0m');
    expect(coverageWords('fr').distance(1_240)).toBe('1,2\u00a0km');
    expect(coverageWords('en').distance(12_400)).toBe('12\u00a0km');
    expect(coverageWords('fr').distance(null)).toBe('personne sur cette terre');
  });
});
