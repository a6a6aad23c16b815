import { describe, expect, it } from 'vitest';
import type { Place } from '../place/place';
import { instantOf, localOf, zoneOf } from './zone';

const town = (territory: string): Place => ({ kind: 'town', town: { name: '', territory, lat: 0, lon: 0, population: 1 } });

describe('The clock of a place', () => {
  it.each([
    ['44', 'Europe/Paris'],
    ['971', 'America/Guadeloupe'],
    ['988', 'Pacific/Noumea'],
  ])('of %s is that of %s', (territory, zone) => expect(zoneOf(town(territory))).toBe(zone));

  it.each([
    ['2026-11-30T08:00', 'Europe/Paris', '2026-11-30T08:00:00+01:00'],
    ['2026-07-01T08:00', 'Europe/Paris', '2026-07-01T08:00:00+02:00'],
    ['2026-11-30T08:00', 'America/Guadeloupe', '2026-11-30T08:00:00-04:00'],
    ['2026-11-30T23:30', 'Pacific/Noumea', '2026-11-30T23:30:00+11:00'],
    // Skipped when summer time begins: the hour after.
    ['2027-03-28T02:30', 'Europe/Paris', '2027-03-28T03:30:00+02:00'],
    ['2027-03-28T03:30', 'Europe/Paris', '2027-03-28T03:30:00+02:00'],
  ])('showing %s in %s, it is %s', (local, zone, instant) => expect(instantOf(local, zone)).toBe(instant));

  it('shows no instant for what is no date', () => expect(instantOf('tomorrow', 'Europe/Paris')).toBeNull());

  it('shows what a field takes', () => expect(localOf(Date.parse('2026-11-30T07:00:00Z'), 'America/Guadeloupe')).toBe('2026-11-30T03:00'));
});
