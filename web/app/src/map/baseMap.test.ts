import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { land, borders, towns, windows } from 'virtual:base-map';

/** Whether a point lies in a polygon, by the crossings of a ray to the east. */
function isIn([x, y]: readonly [number, number], rings: readonly (readonly [number, number])[][]): boolean {
  const crossings = rings.flatMap((ring) => ring.slice(1).filter(([x2, y2], n) => {
    const [x1, y1] = ring[n] ?? [x2, y2];
    return y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
  }));
  return crossings.length % 2 === 1;
}

const isOnLand = (lon: number, lat: number) => land.some((rings) => isIn([lon, lat], rings));

describe('The base map', () => {
  it.each([
    ['Paris', 2.35, 48.85],
    ['Ajaccio', 8.75, 41.95],
    ['Les Abymes', -61.5, 16.27],
    ['Cayenne', -52.33, 4.92],
    ['Saint-Denis', 55.46, -20.9],
    ['Mamoudzou', 45.2, -12.78],
    ['Nouméa', 166.47, -22.25],
    ['Bruxelles', 4.35, 50.85],
  ])('has land under %s', (_, lon, lat) => expect(isOnLand(lon, lat)).toBe(true));

  it.each([
    ['the Channel', -1.5, 49.9],
    ['the Gulf of Lion', 4, 42.5],
    ['the ocean beside La Réunion', 54.5, -21.2],
  ])('has water in %s', (_, lon, lat) => expect(isOnLand(lon, lat)).toBe(false));

  it('closes every ring and leaves its windows nowhere', () => {
    const within = ([x, y]: readonly [number, number]) => windows.some(([west, south, east, north]) => x >= west && x <= east && y >= south && y <= north);
    for (const ring of land.flat()) expect(ring.at(-1)).toEqual(ring[0]);
    expect([...land.flat(2), ...borders.flat()].every(within)).toBe(true);
  });

  it('knows the towns by name and size, the greatest first', () => {
    expect(towns[0]).toEqual(['Paris', 2.349, 48.853, 63]);
    expect(towns.every(([name, lon, lat, rank]) => name !== '' && Number.isFinite(lon + lat) && rank >= 0)).toBe(true);
  });

  it('stays small', () => {
    expect(gzipSync(JSON.stringify({ land, borders, towns })).length).toBeLessThan(300_000);
  });
});
