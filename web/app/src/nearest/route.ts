import type { NearestItem } from '../api';

/** The way to a pharmacy, without saying where the reader is: the map application of the phone, else OpenStreetMap. */
export function routeLink({ lat, lon, name }: Pick<NearestItem, 'lat' | 'lon' | 'name'>, userAgent: string): string {
  if (/Android/i.test(userAgent)) return `geo:${lat},${lon}?q=${lat},${lon}(${encodeURIComponent(name)})`;
  return `https://www.openstreetmap.org/directions?to=${lat}%2C${lon}`;
}
