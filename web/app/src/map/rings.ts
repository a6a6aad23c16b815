import type { Row } from '../live/answers';

/** Radius of the sphere that distances are measured on, as in the service (metres). */
const RADIUS = 6_371_008.8;
const DEGREE = Math.PI / 180;

/** Round distances that a circle may have, in metres. */
const STEPS = [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000] as const;

/** As many circles at most. */
const MOST = 3;

export type Position = readonly [lon: number, lat: number];

/** The distances of circles that reach about as far as the pharmacies do: the finest step of which three or fewer suffice. */
export function radii(rows: readonly Row[]): readonly number[] {
  const farthest = Math.max(0, ...rows.map(({ item }) => item.distance));
  const step = STEPS.find((one) => one * MOST >= farthest) ?? STEPS[STEPS.length - 1] ?? farthest;
  return Array.from({ length: Math.max(1, Math.min(MOST, Math.ceil(farthest / step))) }, (_, n) => step * (n + 1));
}

/** A circle on the sphere, closed, beginning in the north. */
export function ring(centre: Position, meters: number): readonly Position[] {
  return Array.from({ length: 97 }, (_, n) => destination(centre, meters, (n / 96) * 2 * Math.PI));
}

/** West, south, east and north of the place and its pharmacies. */
export function bounds(centre: Position, rows: readonly Row[]): [number, number, number, number] {
  const all = [centre, ...rows.map(({ item }): Position => [item.lon, item.lat])];
  const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

function destination([lon, lat]: Position, meters: number, bearing: number): Position {
  const [angle, phi] = [meters / RADIUS, lat * DEGREE];
  const phi2 = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing));
  const east = Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(phi), Math.cos(angle) - Math.sin(phi) * Math.sin(phi2));
  return [lon + east / DEGREE, phi2 / DEGREE];
}
