import { describe, expect, it } from 'vitest';
import { absences, localDays, plan, range, SHOWN_DAYS } from './days';
import { idOf, listAround, type Interval, type Pharmacy, type Schedule } from './pharmacy';
import { pharmacyWords } from './pharmacyWords';

const MONDAY_10H = Date.parse('2026-11-30T10:00:00+01:00');
const fr = pharmacyWords('fr');
const en = pharmacyWords('en');

function pharmacy(more: Partial<Pharmacy> = {}): Pharmacy {
  return { zone: 'Europe/Paris', closures: [], exceptions: [], ...more } as Pharmacy;
}

function interval(start: string, end: string, more: Partial<Interval> = {}): Interval {
  return { start, end, state: 'open', access: null, reason: null, ...more };
}

function planned(intervals: readonly Interval[], more: Partial<Pharmacy> = {}, holidays: Schedule['holidays'] = []) {
  return plan(pharmacy(more), { ...range('Europe/Paris', MONDAY_10H), zone: 'Europe/Paris', intervals, holidays }, MONDAY_10H);
}

describe('The coming days', () => {
  it('begin with the date beside the pharmacy, not the reader’s', () => {
    const night = Date.parse('2026-12-01T03:00:00Z');
    expect(localDays('America/Guadeloupe', night, 1)[0]?.wall).toMatchObject({ day: 30, month: 11 });
    expect(localDays('Pacific/Noumea', Date.parse('2026-11-30T14:00:00Z'), 1)[0]?.wall).toMatchObject({ day: 1, month: 12 });
    expect(localDays('Pacific/Marquesas', Date.parse('2026-11-30T09:29:00Z'), 1)[0]?.wall).toMatchObject({ day: 29 });
  });

  it('have 23 and 25 hours where the clocks change', () => {
    const hours = (at: string) => localDays('Europe/Paris', Date.parse(at), 2).map(({ start, end }) => (end - start) / 3_600_000);
    expect(hours('2026-03-28T12:00:00+01:00')).toEqual([24, 23]);
    expect(hours('2026-10-25T12:00:00+01:00')).toEqual([25, 24]);
  });

  it('are asked for with a day more on either side, within what the service allows', () => {
    const { from, to } = range('Europe/Paris', MONDAY_10H);
    expect(new Date(from).toISOString()).toBe('2026-11-28T23:00:00.000Z');
    expect((to - from) / 86_400_000).toBe(SHOWN_DAYS + 2);
  });

  it('tell the lunch break', () => {
    const [today] = planned([interval('2026-11-30T08:30:00+01:00', '2026-11-30T12:30:00+01:00'), interval('2026-11-30T14:00:00+01:00', '2026-11-30T19:00:00+01:00')]);
    expect(today?.spans.map(fr.span)).toEqual(['8\u00a0h\u00a030 à 12\u00a0h\u00a030', '14\u00a0h à 19\u00a0h']);
    expect(today?.spans.map(en.span)).toEqual(['8:30\u00a0am to 12:30\u00a0pm', '2\u00a0pm to 7\u00a0pm']);
  });

  it('tell a night once, on the day it begins; the one that still lasts is told today', () => {
    const night = { state: 'onCall', access: 'bell' } as const;
    const days = planned([interval('2026-11-29T20:00:00+01:00', '2026-11-30T08:00:00+01:00', night), interval('2026-12-01T20:00:00+01:00', '2026-12-02T08:00:00+01:00', night)]);
    expect(days.slice(0, 3).map(({ spans }) => spans.map(fr.span))).toEqual([['jusqu’à 8\u00a0h'], ['20\u00a0h à 8\u00a0h (mercredi)'], []]);
  });

  it('tell what lasts longer than a day on each of its days', () => {
    const days = planned([interval('2026-11-30T09:00:00+01:00', '2026-12-02T12:00:00+01:00')]);
    expect(days.slice(0, 4).map(({ spans }) => spans.map(fr.span))).toEqual([['à partir de 9\u00a0h'], ['jour et nuit'], ['jusqu’à 12\u00a0h'], []]);
    expect(planned([interval('2026-11-29T00:00:00+01:00', '2026-12-15T00:00:00+01:00')]).map(({ spans }) => spans.map(fr.span))).toEqual(Array.from({ length: 14 }, () => ['jour et nuit']));
  });

  it('tell a whole unknown day as one', () => {
    const [, tomorrow] = planned([interval('2026-12-01T00:00:00+01:00', '2026-12-02T00:00:00+01:00', { state: 'unknown' })]);
    expect(tomorrow?.spans.map(fr.span)).toEqual(['jour et nuit']);
  });

  it('end at midnight where hours do', () => {
    const [today] = planned([interval('2026-11-30T09:00:00+01:00', '2026-12-01T00:00:00+01:00')]);
    expect(today?.spans.map(fr.span)).toEqual(['9\u00a0h à minuit']);
  });

  it('carry the holiday, the closure with who takes over, and the exceptional opening', () => {
    const relief = { id: '990000028', name: 'Pharmacie du Port', phone: null, distance: 400 };
    const days = planned(
      [],
      {
        closures: [{ id: 'c1', start: '2026-12-01T12:00:00+01:00', end: '2026-12-02T00:00:00+01:00', reason: 'travaux', relief }],
        exceptions: [{ id: 'e1', kind: 'opening', start: '2026-12-06T10:00:00+01:00', end: '2026-12-06T12:00:00+01:00', reason: 'marché de Noël' }],
      },
      [{ date: '2026-12-03', name: 'Abolition de l\'esclavage' }],
    );
    expect(days.map(({ absences: away }) => away.length)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(days[1]?.absences[0]?.relief).toEqual(relief);
    expect(days[3]?.holiday === null ? '' : en.holiday(days[3]?.holiday ?? '')).toBe('Public holiday: Abolition of slavery');
    expect(days[6]?.openings).toEqual(['marché de Noël']);
  });
});

describe('A schedule that was kept', () => {
  it('tells nothing of the days after those that it was asked for', () => {
    const days = plan(pharmacy(), { ...range('Europe/Paris', MONDAY_10H), zone: 'Europe/Paris', intervals: [], holidays: [] }, MONDAY_10H + 4 * 86_400_000);
    expect(days.map(({ isKnown }) => isKnown)).toEqual([...Array.from({ length: 11 }, () => true), false, false, false]);
    expect(planned([]).every(({ isKnown }) => isKnown)).toBe(true);
  });
});

describe('Two exceptional openings of a day', () => {
  it('for the same reason tell it once', () => {
    const opening = { id: 'e1', kind: 'opening', start: '2026-12-06T10:00:00+01:00', end: '2026-12-06T12:00:00+01:00', reason: 'marché de Noël' } as const;
    const days = planned([], { exceptions: [opening, { ...opening, id: 'e2', start: '2026-12-06T14:00:00+01:00', end: '2026-12-06T18:00:00+01:00' }] });
    expect(days[6]?.openings).toEqual(['marché de Noël']);
  });
});

describe('A closure', () => {
  it('is told by its dates where it is of whole days, else with its hours', () => {
    expect(fr.between('2026-12-24T00:00:00+01:00', '2026-12-27T00:00:00+01:00')).toBe('Du jeudi 24 décembre au samedi 26 décembre');
    expect(fr.between('2026-12-01T00:00:00+01:00', '2026-12-02T00:00:00+01:00')).toBe('Le mardi 1er décembre');
    expect(fr.between('2026-12-01T12:00:00+01:00', '2026-12-01T15:30:00+01:00')).toBe('Le mardi 1er décembre, de 12\u00a0h à 15\u00a0h\u00a030');
    expect(fr.between('2026-11-28T06:00:00+01:00', '2026-12-01T00:00:00+01:00')).toBe('Du samedi 28 novembre à 6\u00a0h au lundi 30 novembre à minuit');
    expect(en.between('2026-12-01T12:00:00+01:00', '2026-12-02T09:00:00+01:00')).toBe('Tuesday 1 December, 12\u00a0pm, to Wednesday 2 December, 9\u00a0am');
  });

  it('and a vacation stand together, the first to begin first', () => {
    const closure = { id: 'c1', start: '2026-12-10T00:00:00+01:00', end: '2026-12-11T00:00:00+01:00', reason: 'inventaire' };
    const vacation = { id: 'e1', kind: 'vacation', start: '2026-12-01T00:00:00+01:00', end: '2026-12-05T00:00:00+01:00', reason: 'congés' } as const;
    expect(absences({ closures: [closure], exceptions: [vacation, { ...vacation, id: 'e2', kind: 'holiday' }] }).map(({ id }) => id)).toEqual(['e1', 'c1']);
  });
});

describe('An address', () => {
  it('names the pharmacy', () => {
    expect(idOf('/pharmacie/990000010')).toBe('990000010');
    expect(idOf('/pharmacie/2A0000010/')).toBe('2A0000010');
  });

  it('leads back to the list around its town', () => {
    expect(listAround({ street: null, postcode: '97139', city: 'Les Abymes' })).toBe('/?town=Les+Abymes&territory=971');
    expect(listAround({ street: null, postcode: '20000', city: 'Ajaccio' })).toBe('/?town=Ajaccio');
    expect(listAround({ street: null, postcode: null, city: null })).toBe('/');
  });
});
