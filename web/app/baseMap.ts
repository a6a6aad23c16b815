import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { Plugin } from 'vite';

const ID = 'virtual:base-map';
const TOWNS = new URL('../../data/towns.csv', import.meta.url);

/** Four decimals are eleven metres, finer than the outlines. */
const DECIMALS = 10_000;

type Point = readonly [number, number];
type Box = readonly [west: number, south: number, east: number, north: number];

/** Where there are French pharmacies, with the neighbours that orient a reader. What lies outside is left out. */
const WINDOWS: readonly Box[] = [
  [-8, 39, 13, 53.5], // France, Corsica
  [-64, 13.5, -60, 19], // Guadeloupe, Martinique, Saint-Martin, Saint-Barthélemy
  [-56, 1, -50, 7], // Guyane
  [54, -22.5, 57, -20], // La Réunion
  [44, -14, 46.5, -12], // Mayotte
  [-57.5, 46, -55, 48], // Saint-Pierre-et-Miquelon
  [162, -24, 169.5, -18.5], // Nouvelle-Calédonie
  [-179, -15, -175.5, -12.5], // Wallis-et-Futuna
  [-155, -28.5, -134, -7], // Polynésie française
];

/**
 * `virtual:base-map`: the outlines of France and its neighbours, cut from Natural Earth 4.1 at 1:10,000,000 (npm world-atlas, public domain),
 * and the towns of data/towns.csv (GeoNames, CC BY 4.0), made while the pages are built, so that a map asks nobody else for anything.
 */
export function baseMap(): Plugin {
  return {
    name: 'base-map',
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    load: (id) => (id === `\0${ID}` ? moduleText() : null),
  };
}

// A JSON text in a string is read several times faster by browsers than the same object as code.
function moduleText(): string {
  return Object.entries({ windows: WINDOWS, ...outlines(), towns: towns() })
    .map(([name, value]) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`)
    .join('\n');
}

function outlines(): { land: readonly Point[][][]; borders: readonly Point[][] } {
  const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve('world-atlas/countries-10m.json'), 'utf8')) as Topology<{ countries: GeometryCollection; land: GeometryCollection }>;
  const polygons = feature(atlas, atlas.objects.land).features.flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates.map(pointsOf) : geometry.type === 'Polygon' ? [pointsOf(geometry.coordinates)] : [],
  );
  const lines = pointsOf(mesh(atlas, atlas.objects.countries, (one, other) => one !== other).coordinates);
  return {
    land: WINDOWS.flatMap((window) => polygons.map((rings) => rings.map((ring) => clipRing(ring, window)).filter((ring) => ring.length > 3)).filter((rings) => rings.length > 0)),
    borders: WINDOWS.flatMap((window) => lines.flatMap((line) => clipLine(line, window))),
  };
}

function pointsOf(lines: readonly (readonly number[])[][]): Point[][] {
  return lines.map((line) => line.map(([x = 0, y = 0]) => [x, y]));
}

/** The part of a ring inside a window, edge by edge (Sutherland and Hodgman, 1974), closed again. */
function clipRing(ring: readonly Point[], [west, south, east, north]: Box): Point[] {
  const edges: readonly [axis: 0 | 1, limit: number, keepsGreater: boolean][] = [[0, west, true], [0, east, false], [1, south, true], [1, north, false]];
  const clipped = edges.reduce<readonly Point[]>((points, [axis, limit, keepsGreater]) => {
    const isIn = (point: Point) => (keepsGreater ? point[axis] >= limit : point[axis] <= limit);
    return points.flatMap((point, n) => {
      const before = points.at(n - 1) ?? point;
      const kept = isIn(point) ? [point] : [];
      return isIn(before) === isIn(point) ? kept : [crossing(before, point, axis, limit), ...kept];
    });
  }, ring.slice(0, -1));
  const [first] = clipped;
  return first === undefined ? [] : distinct([...clipped, first].map(rounded));
}

function crossing([x1, y1]: Point, [x2, y2]: Point, axis: 0 | 1, limit: number): Point {
  const share = axis === 0 ? (limit - x1) / (x2 - x1) : (limit - y1) / (y2 - y1);
  return axis === 0 ? [limit, y1 + share * (y2 - y1)] : [x1 + share * (x2 - x1), limit];
}

/** The runs of a line inside a window. */
function clipLine(line: readonly Point[], [west, south, east, north]: Box): Point[][] {
  const runs: Point[][] = [[]];
  for (const point of line) {
    if (point[0] >= west && point[0] <= east && point[1] >= south && point[1] <= north) runs.at(-1)?.push(rounded(point));
    else if (runs.at(-1)?.length !== 0) runs.push([]);
  }
  return runs.map(distinct).filter((run) => run.length > 1);
}

function distinct(points: readonly Point[]): Point[] {
  return points.filter((point, n) => n === 0 || point[0] !== points[n - 1]?.[0] || point[1] !== points[n - 1]?.[1]);
}

function rounded([x, y]: Point): Point {
  return [Math.round(x * DECIMALS) / DECIMALS, Math.round(y * DECIMALS) / DECIMALS];
}

/** Name, longitude, latitude, and ten times the decimal logarithm of the population: 30 for a thousand people, 50 for a hundred thousand. */
function towns(): readonly (readonly [string, number, number, number])[] {
  const [head = '', ...rows] = readFileSync(TOWNS, 'utf8').trim().split('\n');
  if (!head.startsWith('name,insee,postcode,lat,lon,population')) throw new Error(`${TOWNS.pathname} has other columns than those known: ${head}`);
  return rows.map((row) => {
    const [name = '', , , lat, lon, population] = row.split(',');
    return [name.replace(' Arrondissement', ''), Number(Number(lon).toFixed(3)), Number(Number(lat).toFixed(3)), Math.round(10 * Math.log10(Math.max(1, Number(population))))] as const;
  });
}
