import type { FeatureCollection } from 'geojson';
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl';
import { borders, land, towns } from 'virtual:base-map';
import { ring, type Position } from './rings';

/** The colours that the map takes from the page, by the names of its custom properties. */
export const COLOURS = ['--sea', '--earth', '--border', '--circle', '--name', '--halo'] as const;

export type Colours = Readonly<Record<(typeof COLOURS)[number], string>>;

/** From which zoom on a town is named, by its rank (see baseMap.ts): cities first, villages when one is near. */
const NAMED_FROM: ExpressionSpecification = ['step', ['zoom'], 54, 5, 51, 6, 48, 7, 44, 8, 41, 9, 38, 10, 34, 11, 0];

const OUTLINES: FeatureCollection = {
  type: 'FeatureCollection',
  features: [
    { type: 'Feature', properties: { kind: 'land' }, geometry: { type: 'MultiPolygon', coordinates: land } },
    { type: 'Feature', properties: { kind: 'border' }, geometry: { type: 'MultiLineString', coordinates: borders } },
  ],
};

const TOWNS: FeatureCollection = {
  type: 'FeatureCollection',
  features: towns.map(([name, lon, lat, rank]) => ({ type: 'Feature', properties: { name, rank }, geometry: { type: 'Point', coordinates: [lon, lat] } })),
};

/** The whole style: nothing of it lies elsewhere. Without an address of glyphs the letters are drawn from the page's own font. */
export function styleOf(colours: Colours): StyleSpecification {
  return {
    version: 8,
    sources: {
      outlines: { type: 'geojson', data: OUTLINES, maxzoom: 12 },
      towns: { type: 'geojson', data: TOWNS, maxzoom: 12 },
      circles: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': colours['--sea'] } },
      { id: 'land', type: 'fill', source: 'outlines', filter: ['==', ['get', 'kind'], 'land'], paint: { 'fill-color': colours['--earth'] } },
      { id: 'borders', type: 'line', source: 'outlines', filter: ['==', ['get', 'kind'], 'border'], paint: { 'line-color': colours['--border'], 'line-width': 1.5 } },
      { id: 'circles', type: 'line', source: 'circles', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': colours['--circle'], 'line-width': 1.25, 'line-dasharray': [3, 3] } },
      {
        id: 'distances',
        type: 'symbol',
        source: 'circles',
        filter: ['==', ['geometry-type'], 'Point'],
        layout: { 'text-field': ['get', 'label'], 'text-font': ['Inter'], 'text-size': 12, 'text-allow-overlap': true },
        paint: { 'text-color': colours['--name'], 'text-halo-color': colours['--halo'], 'text-halo-width': 2 },
      },
      {
        id: 'towns',
        type: 'symbol',
        source: 'towns',
        filter: ['>=', ['get', 'rank'], NAMED_FROM],
        layout: {
          'text-field': ['get', 'name'],
          'text-font': ['Inter'],
          'text-size': ['interpolate', ['linear'], ['get', 'rank'], 30, 12, 50, 14, 60, 16],
          'text-max-width': 8,
          'text-padding': 6,
          // Beside its middle, where the place itself may be marked.
          'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
          'text-radial-offset': 0.9,
          'symbol-sort-key': ['-', 0, ['get', 'rank']],
        },
        paint: { 'text-color': colours['--name'], 'text-halo-color': colours['--halo'], 'text-halo-width': 1.5 },
      },
    ],
  };
}

/** The circles around a place, each with its distance written where it is northernmost. */
export function circlesOf(centre: Position, meters: readonly number[], label: (meters: number) => string): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: meters.flatMap((one) => {
      const line = ring(centre, one).map(([lon, lat]) => [lon, lat]);
      return [
        { type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: line } },
        { type: 'Feature', properties: { label: label(one) }, geometry: { type: 'Point', coordinates: line[0] ?? [] } },
      ] as const;
    }),
  };
}
