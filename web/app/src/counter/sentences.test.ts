import { describe, expect, it } from 'vitest';
import { Refused } from '../api';
import { countdown, pharmacies, trouble, week } from './sentences';
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
