import { describe, expect, it } from 'vitest';
import { Refused } from '../api';
import type { Exceptional } from './calls';
import { countdown, exceptional, pharmacies, trouble, week } from './sentences';
import { counterWords } from './words';

const DAYS = ['lun', 'mar', 'mer', 'jeu', 'ven', 'sam', 'dim'];

describe('a week', () => {
  it('shows every day in the pharmacy’s own wall time', () => {
    const lines = week(
      [
        { start: '2026-11-23T09:00:00+01:00', end: '2026-11-23T12:30:00+01:00', state: 'open' },
        { start: '2026-11-23T14:00:00+01:00', end: '2026-11-24T00:00:00+01:00', state: 'open' },
        { start: '2026-11-24T10:00:00+01:00', end: '2026-11-24T11:00:00+01:00', state: 'unknown' },
        { start: '2026-11-29T08:00:00+01:00', end: '2026-11-29T09:00:00+01:00', state: 'open' },
      ],
      DAYS,
      'fermé',
    );
    expect(lines).toEqual(['lun 09:00–12:30, 14:00–24:00', 'mar fermé', 'mer fermé', 'jeu fermé', 'ven fermé', 'sam fermé', 'dim 08:00–09:00']);
  });
});

describe('an exception', () => {
  const when = { id: 'e2', start: '2026-12-24T20:00:00+01:00', end: '2026-12-24T22:30:00+01:00' };
  const relief = { id: '990000028', name: 'Pharmacie du Pont', phone: '01 99 00 00 02', distance: 1234 };

  it.each<[Exceptional, string, string]>([
    [
      { ...when, kind: 'vacation', from: '2026-12-24', to: '2027-01-02', reason: 'fêtes', relief },
      'Congés du jeudi 24 décembre 2026 au samedi 2 janvier 2027 · fêtes · relais : Pharmacie du Pont, 01 99 00 00 02, à 1,2 km',
      'Vacation from Thursday 24 December 2026 to Saturday 2 January 2027 · fêtes · taken over by Pharmacie du Pont, 01 99 00 00 02, 1.2 km away',
    ],
    [{ ...when, kind: 'vacation', from: '2026-12-24', to: '2026-12-24', reason: 'fêtes' }, 'Congés le jeudi 24 décembre 2026 · fêtes', 'Vacation on Thursday 24 December 2026 · fêtes'],
    [{ ...when, kind: 'opening', reason: 'renfort' }, 'Ouverture exceptionnelle, jeudi 24 décembre 2026 20:00 – 22:30 · renfort', 'Exceptional opening, Thursday 24 December 2026 20:00 – 22:30 · renfort'],
    [{ ...when, kind: 'holiday', date: '2026-12-25', name: 'Noël', hours: '09:00-12:30' }, 'Noël, vendredi 25 décembre 2026 · ouverte 09:00-12:30', 'Noël, Friday 25 December 2026 · open 09:00-12:30'],
    [{ ...when, kind: 'holiday', date: '2026-12-25', name: 'Noël', hours: 'off' }, 'Noël, vendredi 25 décembre 2026 · fermée', 'Noël, Friday 25 December 2026 · closed'],
  ])('is one line: $kind', (exception, french, english) => {
    expect(exceptional(exception, counterWords.fr)).toBe(french);
    // Whether a comma follows the weekday is the browser's to say.
    expect(exceptional(exception, counterWords.en).replace(/day, /g, 'day ')).toBe(english);
  });
});

describe('a countdown', () => {
  it('is silent until the last minute', () => {
    expect([countdown(61_000), countdown(60_000), countdown(1_200), countdown(-5)]).toEqual([null, '60', '2', '0']);
  });
});

describe('the pharmacies of somebody', () => {
  it('are those where the role is one of the team’s, the greatest first', () => {
    expect(pharmacies(['operator', 'planner:75', 'preparer:990000010', 'titulaire:990000028'])).toEqual([
      { id: '990000028', role: 'titulaire' },
      { id: '990000010', role: 'preparer' },
    ]);
  });
});

describe('what went wrong', () => {
  it('names the culprits, and says what a lost connection and an old version are', () => {
    const words = counterWords.fr;
    expect(trouble(new Refused(400, { detail: 'voir errors', errors: { '$.rpps': ['onze chiffres'] } } as object, null), words)).toBe('rpps : onze chiffres');
    expect(trouble(new Refused(403, { detail: 'Ce n’est pas à vous.' }, null), words)).toBe('Ce n’est pas à vous.');
    expect(trouble(new Refused(412, {}, null), words)).toBe(words.changedMeanwhile);
    expect(trouble(new TypeError('failed'), words)).toBe(words.offline);
  });
});
