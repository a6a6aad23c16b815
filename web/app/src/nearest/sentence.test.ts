import { describe, expect, it } from 'vitest';
import type { Status } from '../api';
import type { Row } from '../live/answers';
import { en } from '../words/en';
import { fr, type Words } from '../words/fr';
import { accessWords, callsOf, foreseen, isWorthPhoning, nextServing, phoneText, sentence } from './sentence';

describe('Whom to call where duty is hidden', () => {
  it('is named once, though several sectors name him', () => {
    const [police, doctor] = [{ label: 'Commissariat', tel: '17' }, { label: 'Médecin de garde', tel: '116117' }];
    expect(callsOf([{ sector: 'a', call: [police] }, { sector: 'b', call: [police, doctor] }])).toEqual([police, doctor]);
  });
});

const MONDAY_1918 = '2026-11-23T19:18:00+01:00';

function row(status: Partial<Status>, leftAt: number | null = null): Row {
  return {
    item: {
      id: '990000010',
      name: 'Pharmacie du Port',
      lat: 47.2,
      lon: -1.55,
      distance: 350,
      address: { street: null, postcode: null, city: null },
      phone: null,
      status: { state: 'open', since: null, until: null, access: null, reason: null, ...status },
      services: [],
      clickAndCollect: false,
      stock: [],
      hoursSource: 'synthetic',
      confirmedAt: null,
      synthetic: true,
    },
    changedAt: leftAt,
    leftAt,
  };
}

/** The whole sentence, its no-break spaces made plain. */
function say(status: Partial<Status>, now: string, words: Words, leftAt: string | null = null): string {
  const { label, next, glue, reason } = sentence(row(status, leftAt === null ? null : Date.parse(leftAt)), Date.parse(now), words);
  return [next === null ? label : label + glue + next, reason].filter((part) => part !== null).join('. ').replace(/\s/g, ' ');
}

describe('The state of a pharmacy in words', () => {
  it.each<[string, Partial<Status>, string, string, string]>([
    ['open, hours left', { until: '2026-11-23T21:30:00+01:00' }, MONDAY_1918, 'Ouverte, ferme à 21 h 30', 'Open, closes at 9:30 pm'],
    ['open, minutes left', { until: '2026-11-23T19:30:00+01:00' }, MONDAY_1918, 'Ouverte, ferme à 19 h 30, dans 12 min', 'Open, closes at 7:30 pm, in 12 min'],
    ['open, seconds left', { until: '2026-11-23T19:18:30+01:00' }, MONDAY_1918, 'Ouverte, ferme à 19 h 18, dans moins d’une minute', 'Open, closes at 7:18 pm, in less than a minute'],
    ['open past midnight', { until: '2026-11-24T02:00:00+01:00' }, MONDAY_1918, 'Ouverte, ferme à 2 h', 'Open, closes at 2 am'],
    ['open until a holiday may begin', { until: '2026-11-24T00:00:00+01:00' }, MONDAY_1918, 'Ouverte jusqu’à minuit', 'Open until midnight'],
    ['open day and night', { until: null }, MONDAY_1918, 'Ouverte jour et nuit', 'Open day and night'],
    ['on call overnight', { state: 'onCall', until: '2026-11-24T08:00:00+01:00' }, MONDAY_1918, 'De garde jusqu’à 8 h', 'On call until 8 am'],
    ['on night duty', { state: 'onCall', until: '2026-11-24T08:00:00+01:00', reason: 'garde de nuit' }, MONDAY_1918, 'De garde jusqu’à 8 h. garde de nuit', 'On call until 8 am. night duty'],
    ['closed on a holiday', { state: 'closed', until: '2026-11-26T09:00:00+01:00', reason: 'jour férié : 11 novembre' }, MONDAY_1918, 'Fermée, ouvre jeudi à 9 h. jour férié : 11 novembre', 'Closed, opens at 9 am on Thursday. jour férié : 11 novembre'],
    ['on call for days', { state: 'onCall', until: '2026-11-25T08:00:00+01:00' }, MONDAY_1918, 'De garde jusqu’à mercredi 8 h', 'On call until 8 am on Wednesday'],
    ['closed, opens soon', { state: 'closed', until: '2026-11-23T19:30:00+01:00' }, MONDAY_1918, 'Fermée, ouvre dans 12 min, à 19 h 30', 'Closed, opens in 12 min, at 7:30 pm'],
    ['closed, opens tomorrow', { state: 'closed', until: '2026-11-24T08:30:00+01:00' }, MONDAY_1918, 'Fermée, ouvre demain à 8 h 30', 'Closed, opens at 8:30 am tomorrow'],
    ['closed, opens in the week', { state: 'closed', until: '2026-11-26T09:00:00+01:00' }, MONDAY_1918, 'Fermée, ouvre jeudi à 9 h', 'Closed, opens at 9 am on Thursday'],
    ['closed for weeks', { state: 'closed', until: '2027-01-01T09:05:00+01:00', reason: 'Congés' }, MONDAY_1918, 'Fermée, ouvre le 1er janvier à 9 h 05. Congés', 'Closed, opens at 9:05 am on 1 January. Congés'],
    ['closed until a holiday may begin', { state: 'closed', until: '2026-11-24T00:00:00+01:00' }, MONDAY_1918, 'Fermée jusqu’à demain 0 h', 'Closed until 12 am tomorrow'],
    ['unknown', { state: 'unknown' }, MONDAY_1918, 'Horaires non confirmés. téléphonez avant de vous déplacer', 'Hours not confirmed. phone before you go'],
    ['unknown on a holiday', { state: 'unknown', reason: 'jour férié, horaires à confirmer', until: '2026-11-24T00:00:00+01:00' }, MONDAY_1918, 'Horaires non confirmés. jour férié, horaires à confirmer', 'Hours not confirmed. public holiday, hours to be confirmed'],
    ['unknown in school holidays', { state: 'unknown', reason: 'vacances scolaires, horaires à confirmer', until: '2026-11-24T00:00:00+01:00' }, MONDAY_1918, 'Horaires non confirmés. vacances scolaires, horaires à confirmer', 'Hours not confirmed. school holidays, hours to be confirmed'],
  ])('%s', (_, status, now, french, english) => {
    expect(say(status, now, fr)).toBe(french);
    expect(say(status, now, en)).toBe(english);
  });

  it('is told by the clock of the pharmacy, not by the reader’s', () => {
    expect(say({ until: '2026-11-23T19:30:00-04:00' }, '2026-11-23T21:00:00Z', fr)).toBe('Ouverte, ferme à 19 h 30');
    expect(say({ state: 'closed', until: '2026-11-24T07:30:00+11:00' }, '2026-11-23T14:00:00Z', fr)).toBe('Fermée, ouvre à 7 h 30');
    expect(say({ state: 'closed', until: '2026-11-23T08:00:00-09:30' }, '2026-11-23T00:00:00Z', fr)).toBe('Fermée, ouvre demain à 8 h');
  });

  it('is unconfirmed once an announced change has passed without news', () => {
    const until = '2026-11-23T19:18:00+01:00';
    expect(sentence(row({ until }), Date.parse(until) + 4_999, fr).state).toBe('open');
    expect(sentence(row({ until }), Date.parse(until) + 5_000, fr).state).toBe('unknown');
    expect(say({ until }, '2026-11-23T19:40:00+01:00', fr)).toBe('Horaires non confirmés, devait fermer à 19 h 18. téléphonez avant de vous déplacer');
    expect(say({ state: 'closed', until }, '2026-11-23T19:40:00+01:00', en)).toBe('Hours not confirmed, was to open at 7:18 pm. phone before you go');
  });

  it('says that it has just closed when its hour has come, and no more than is known when it has not', () => {
    const until = '2026-11-23T19:30:00+01:00';
    expect(say({ until }, '2026-11-23T19:30:20+01:00', fr, until)).toBe('Vient de fermer');
    expect(say({ until }, '2026-11-23T18:00:20+01:00', fr, '2026-11-23T18:00:00+01:00')).toBe('Ne reçoit plus');
  });
});

describe('The state of a pharmacy at another time', () => {
  const AT = '2026-11-29T10:00:00+01:00';

  it.each<[string, Partial<Status>, string, string]>([
    ['open', { until: '2026-11-29T10:12:00+01:00' }, 'Prévue ouverte, ferme à 10 h 12', 'Expected open, closes at 10:12 am'],
    ['on call', { state: 'onCall', until: '2026-11-30T20:00:00+01:00' }, 'Prévue de garde jusqu’à lundi 20 h', 'Expected on call until 8 pm on Monday'],
    ['closed', { state: 'closed', until: '2026-11-30T09:00:00+01:00' }, 'Prévue fermée, ouvre lundi à 9 h', 'Expected closed, opens at 9 am on Monday'],
    ['unknown', { state: 'unknown' }, 'Horaires non confirmés', 'Hours not confirmed'],
  ])('%s: no minutes are counted and no day is told from today', (_, status, french, english) => {
    const said = (words: Words) => {
      const { label, glue, next } = foreseen(row(status).item, Date.parse(AT), words);
      return (next === null ? label : label + glue + next).replace(/\s/g, ' ');
    };
    expect(said(fr)).toBe(french);
    expect(said(en)).toBe(english);
  });
});

describe('A pharmacy that leaves a narrowed list', () => {
  const until = '2026-11-23T19:30:00+01:00';
  const label = (leftAt: string) => sentence(row({ until }, Date.parse(leftAt)), Date.parse(leftAt) + 1_000, fr, true).label;

  it('may serve still: that is not denied', () => expect(label('2026-11-23T18:00:00+01:00')).toBe('N’a plus ce que vous cherchez, ou ne reçoit plus'));
  it('has closed when its hour had come', () => expect(label(until)).toBe('Vient de fermer'));
});

describe('When nobody answers', () => {
  const named = (id: string, status: Partial<Status>, leftAt: number | null = null): Row => {
    const { item, ...rest } = row(status, leftAt);
    return { ...rest, item: { ...item, id } };
  };
  const now = Date.parse(MONDAY_1918);
  const rows = [
    named('a', { state: 'onCall' }),
    named('b', { state: 'closed' }),
    named('c', {}, now),
    named('d', { until: '2026-11-23T19:00:00+01:00' }),
    named('e', { state: 'unknown' }),
    named('f', { state: 'onCall' }),
  ];

  it('the next one that is known to serve is next', () => expect(nextServing(rows, 'a', now, fr)?.item.id).toBe('f'));
  it('there is none after the last', () => expect(nextServing(rows, 'f', now, fr)).toBeNull());
});

describe('How to get in and whom to call', () => {
  it('says nothing of an open door', () => expect(accessWords('walkIn', fr)).toBeNull());
  it('names the bell', () => expect(accessWords('bell', fr)?.replace(/\s/g, ' ')).toBe('Volet fermé : sonnez'));
  it('puts the telephone first', () => expect(accessWords('phoneFirst', en)).toBe('Phone before you come'));

  it.each([
    ['+33240123456', '02 40 12 34 56'],
    ['0240123456', '02 40 12 34 56'],
    ['02.40.12.34.56', '02 40 12 34 56'],
    ['+590590123456', '+590590123456'],
    ['3237', '3237'],
  ])('writes %s as %s', (given, written) => expect(phoneText(given).replace(/\s/g, ' ')).toBe(written));
});

describe('Distances', () => {
  it.each([
    [3, '10 m', '10 m'],
    [346, '350 m', '350 m'],
    [994, '990 m', '990 m'],
    [995, '1,0 km', '1.0 km'],
    [1234, '1,2 km', '1.2 km'],
    [9_960, '10 km', '10 km'],
  ])('%i metres', (metres, french, english) => {
    expect(fr.distance(metres).replace(/\s/g, ' ')).toBe(french);
    expect(en.distance(metres).replace(/\s/g, ' ')).toBe(english);
  });
});

describe('Around a town', () => {
  it.each([
    ['Nantes', 'autour de Nantes'],
    ['Le Mans', 'autour du Mans'],
    ['Les Abymes', 'autour des Abymes'],
    ['Évry', 'autour d’Évry'],
    ['La Rochelle', 'autour de La Rochelle'],
  ])('%s', (town, said) => expect(fr.aroundTown(town)).toBe(said));
});

describe('A reason', () => {
  it.each<[string, Partial<Status>, boolean]>([
    ['of the pharmacy', { state: 'closed', reason: 'Congés' }, true],
    ['of the service', { state: 'unknown', reason: 'jour férié, horaires à confirmer' }, false],
    ['of a duty', { state: 'onCall', reason: 'garde de nuit' }, false],
    ['of a holiday worked', { state: 'open', reason: 'jour férié travaillé : Toussaint' }, true],
    ['of the page', { state: 'unknown' }, false],
  ])('%s is in the language it was written in', (_, status, isOwnReason) => {
    expect(sentence(row(status), Date.parse(MONDAY_1918), en).isOwnReason).toBe(isOwnReason);
  });
});

describe('Phoning first', () => {
  const closed = row({ state: 'closed' });

  it.each<[string, Row[], boolean]>([
    ['not for the closed', [closed, closed], false],
    ['not for one that has just closed', [row({}, Date.parse(MONDAY_1918))], false],
    ['for one that is open', [closed, row({})], true],
    ['for one on call', [row({ state: 'onCall' })], true],
    ['for one whose hours are unknown', [row({ state: 'unknown' })], true],
    ['for one that may have opened since', [row({ state: 'closed', until: '2026-11-23T19:00:00+01:00' })], true],
  ])('is advised %s', (_, rows, expected) => {
    expect(isWorthPhoning(rows, Date.parse(MONDAY_1918), fr)).toBe(expected);
  });
});
