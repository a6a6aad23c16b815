import { describe, expect, it } from 'vitest';
import type { Town } from '../api';
import { readAddress, townAsked, writeAddress } from './address';

const town = (name: string, territory: string): Town => ({ name, territory, lat: 48.9356, lon: 2.3539, population: 1 });

describe('The address of the page', () => {
  it('never holds where the reader is', () => {
    expect(writeAddress({ kind: 'position', lat: 48.9356, lon: 2.3539 }, 'serving')).toBe('/?around=me');
  });

  it('brings back what it was written from', () => {
    const address = writeAddress({ kind: 'town', town: town('Saint-Denis', 'La Réunion') }, 'any');
    const asked = readAddress(address.slice(1));
    expect(asked).toEqual({ town: 'Saint-Denis', territory: 'La Réunion', aroundMe: false, shown: 'any' });
    expect(townAsked(asked, [town('Saint-Denis', '93'), town('Saint-Denis', 'La Réunion')])?.territory).toBe('La Réunion');
  });

  it('says nothing when nothing is asked', () => expect(writeAddress(null, 'serving')).toBe('/'));
});
