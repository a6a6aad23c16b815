import { describe, expect, it } from 'vitest';
import type { Row } from '../live/answers';
import { bounds, radii, ring } from './rings';

function rows(...distances: readonly number[]): readonly Row[] {
  return distances.map((distance, n) => ({ item: { distance, lon: 2 + n, lat: 48 - n } }) as unknown as Row);
}

describe('The circles', () => {
  it('reach the farthest pharmacy with three of them at most', () => {
    expect(radii(rows(120, 1_480))).toEqual([500, 1_000, 1_500]);
    expect(radii(rows(1_501))).toEqual([1_000, 2_000]);
    expect(radii(rows(90))).toEqual([100]);
    expect(radii([])).toEqual([100]);
  });

  it('have their radius on the sphere, also far from the equator', () => {
    const [north, , , , east] = ring([-56.2, 46.8], 5_000).filter((_, n) => n % 6 === 0);
    expect(((north?.[1] ?? 0) - 46.8) * (Math.PI / 180) * 6_371_008.8).toBeCloseTo(5_000, 3);
    expect(((east?.[0] ?? 0) + 56.2) * (Math.PI / 180) * 6_371_008.8 * Math.cos(46.8 * (Math.PI / 180))).toBeCloseTo(5_000, 0);
  });

  it('and the pharmacies fit the map with the place', () => {
    expect(bounds([1, 48.5], rows(1, 2))).toEqual([1, 47, 3, 48.5]);
  });
});
