import { Refused, type Instant, type ProblemDetails } from '../api';

export interface People {
  readonly communes: number;
  readonly population: number;
}

export interface Figures {
  readonly population: number;
  readonly meanMeters: number | null;
  readonly medianMeters: number | null;
  readonly p90Meters: number | null;
  readonly beyond: readonly (People & { readonly meters: number })[];
  /** Who is on land where nobody serves. */
  readonly unreached: People;
}

export interface Commune {
  readonly insee: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly population: number;
  readonly landmass: string;
  /** Whole metres; null where nobody serves on its land. */
  readonly meters: number | null;
  readonly pharmacy: string | null;
}

export interface Coverage {
  readonly at: Instant;
  readonly asOf: Instant;
  readonly source: 'import' | 'demo';
  readonly country: Figures;
  readonly departments: readonly {
    readonly department: string;
    /** Where its people live on average. */
    readonly lat: number;
    readonly lon: number;
    readonly figures: Figures;
  }[];
  readonly communes: readonly Commune[];
}

/** What the page is asked: a department or the whole country, an instant or now. */
export interface Asked {
  readonly department: string | null;
  /** As a datetime-local field holds it, in the reader's own time. */
  readonly at: string | null;
}

/** How far: the index of the first class that is not exceeded, or none where nobody serves. */
export type Distance = 0 | 1 | 2 | 3 | 'none';

export const CLASSES = [10_000, 20_000, 30_000] as const;

export function distanceOf(meters: number | null): Distance {
  if (meters === null) return 'none';
  if (meters <= CLASSES[0]) return 0;
  if (meters <= CLASSES[1]) return 1;
  return meters <= CLASSES[2] ? 2 : 3;
}

/** The address of the answer; `format` for one to keep. */
export function addressOf(asked: Asked, format?: 'csv' | 'geojson'): string {
  const query = new URLSearchParams();
  if (asked.at !== null) query.set('at', new Date(asked.at).toISOString());
  if (asked.department !== null) query.set('department', asked.department);
  if (format !== undefined) query.set('format', format);
  const text = query.toString();
  return text === '' ? '/api/v1/coverage' : `/api/v1/coverage?${text}`;
}

/** What the address of the page asks; what it does not understand is as if it were not there. */
export function readAsked(search: string): Asked {
  const query = new URLSearchParams(search);
  const [department, at] = [query.get('department'), query.get('at')];
  return {
    department: department !== null && /^(2[AB]|\d{2}|9[78]\d)$/.test(department) ? department : null,
    at: at !== null && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(at) && !Number.isNaN(Date.parse(at)) ? at : null,
  };
}

export function writeAsked(asked: Asked): string {
  const query = new URLSearchParams();
  if (asked.department !== null) query.set('department', asked.department);
  if (asked.at !== null) query.set('at', asked.at);
  const text = query.toString();
  return text === '' ? location.pathname : `${location.pathname}?${text}`;
}

/** Throws {@link Refused}, or TypeError where the network gave no answer. */
export async function getCoverage(asked: Asked, signal: AbortSignal): Promise<Coverage> {
  const response = await fetch(addressOf(asked), { signal, headers: { accept: 'application/json' }, credentials: 'omit' });
  if (response.ok) return (await response.json()) as Coverage;
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  throw new Refused(response.status, isProblem ? ((await response.json()) as ProblemDetails) : {}, null);
}

/** Something to be drawn. */
export interface Dot {
  readonly key: string;
  readonly title: string;
  readonly lat: number;
  readonly lon: number;
  readonly distance: Distance;
}

/** Where the dots fall on a square of that side: true to shape at their middle latitude, north up, a margin around. */
export function project(dots: readonly Pick<Dot, 'lat' | 'lon'>[], side: number, margin: number): readonly { readonly x: number; readonly y: number }[] {
  if (dots.length === 0) return [];
  const [lats, lons] = [dots.map((dot) => dot.lat), dots.map((dot) => dot.lon)];
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const extent = Math.max((east - west) * squeeze, north - south, 1e-6);
  const scale = (side - 2 * margin) / extent;
  const [left, top] = [(side - (east - west) * squeeze * scale) / 2, (side - (north - south) * scale) / 2];
  return dots.map((dot) => ({ x: left + (dot.lon - west) * squeeze * scale, y: top + (north - dot.lat) * scale }));
}
