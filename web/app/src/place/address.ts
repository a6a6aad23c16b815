import type { Shown, Town } from '../api';
import type { Place } from './place';

/** What the address of the page says: a town by name, or that one's own position was used, never where that is. */
export interface Asked {
  readonly town: string | null;
  readonly territory: string | null;
  readonly aroundMe: boolean;
  readonly shown: Shown;
}

export function readAddress(search: string): Asked {
  const query = new URLSearchParams(search);
  return {
    town: query.get('town'),
    territory: query.get('territory'),
    aroundMe: query.get('around') === 'me',
    shown: query.get('show') === 'all' ? 'any' : 'serving',
  };
}

export function writeAddress(place: Place | null, shown: Shown): string {
  const query = new URLSearchParams();
  if (place?.kind === 'town') {
    query.set('town', place.town.name);
    query.set('territory', place.town.territory);
  }
  if (place?.kind === 'position') query.set('around', 'me');
  if (shown === 'any') query.set('show', 'all');
  const text = query.toString();
  return text === '' ? '/' : `/?${text}`;
}

/** The town the address means among those found by its name. */
export function townAsked(asked: Asked, towns: readonly Town[]): Town | undefined {
  return towns.find(({ name, territory }) => name === asked.town && (asked.territory === null || territory === asked.territory)) ?? towns[0];
}
