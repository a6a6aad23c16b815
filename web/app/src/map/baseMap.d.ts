/** Made by baseMap.ts of the build; longitude first, as in GeoJSON. */
declare module 'virtual:base-map' {
  type Point = [number, number];
  /** West, south, east, north of each part of the world that is drawn. */
  export const windows: readonly [number, number, number, number][];
  export const land: Point[][][];
  export const borders: Point[][];
  /** Name, longitude, latitude, ten times the decimal logarithm of the population. */
  export const towns: readonly (readonly [string, number, number, number])[];
}
