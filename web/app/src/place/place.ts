import type { Town } from '../api';

/** Where the search is centred. A position is the reader's own and never enters the address of the page. */
export type Place = { readonly kind: 'position'; readonly lat: number; readonly lon: number } | { readonly kind: 'town'; readonly town: Town };

/** About eleven metres: enough to sort by distance, no finer trace of anybody. */
const DECIMALS = 4;

export function centre(place: Place): { lat: number; lon: number } {
  return place.kind === 'town' ? { lat: place.town.lat, lon: place.town.lon } : { lat: place.lat, lon: place.lon };
}

/** Why a position could not be had. */
export type NoPosition = 'refused' | 'missing';

/** Asks the device where it is; an answer up to a minute old will do. */
export function askPosition(): Promise<Place | NoPosition> {
  if (!('geolocation' in navigator)) return Promise.resolve('missing');
  return new Promise((answer) =>
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => answer({ kind: 'position', lat: rounded(coords.latitude), lon: rounded(coords.longitude) }),
      (error) => answer(error.code === error.PERMISSION_DENIED ? 'refused' : 'missing'),
      { maximumAge: 60_000, timeout: 12_000 },
    ),
  );
}

/** Whether the device would answer without asking its owner again. */
export async function positionIsGranted(): Promise<boolean> {
  if (!('permissions' in navigator)) return false;
  return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted';
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}
