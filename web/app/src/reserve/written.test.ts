import { describe, expect, it } from 'vitest';
import { asked, dayOf, faults, orderOf, weightOf, yearOf, type Written } from './written';

const TODAY = '2026-11-23';

const written = (changed: Partial<Written> = {}): Written => ({
  lines: [{ cip13: '3400938358926', quantity: 1 }],
  name: ' Zoé Dupont ',
  birth: '23/04/1985',
  phone: '06 12 34 56 78',
  email: '',
  callMe: false,
  relation: 'self',
  birthYear: '',
  weight: '',
  pregnant: false,
  breastfeeding: false,
  treatments: { yes: null, what: '' },
  allergies: { yes: null, what: '' },
  note: '',
  consent: true,
  ...changed,
});

describe('a day of birth', () => {
  it.each(['23/04/1985', '23.4.1985', '23 04 1985', '23041985', ' 23-04-1985 '])('is read as people write it: %s', (text) => {
    expect(dayOf(text, TODAY)).toBe('1985-04-23');
  });

  it.each(['', '1985-04-23', '31/02/1985', '23/04/85', '24/11/2026', '23/04/1899', '23/13/1985'])('is nothing where it is no day that was: %s', (text) => {
    expect(dayOf(text, TODAY)).toBeNull();
  });

  it('is that of a buyer from the sixteenth birthday on', () => {
    expect(faults(written({ birth: '23/11/2010' }), false, TODAY).get('birth')).toBeUndefined();
    expect(faults(written({ birth: '24/11/2010' }), false, TODAY).get('birth')).toBe('tooYoung');
  });
});

describe('a year and a weight', () => {
  it('are read within what can be', () => {
    expect([yearOf('2019', TODAY), yearOf('2027', TODAY), yearOf('1899', TODAY), yearOf('19', TODAY)]).toEqual([2019, null, null, null]);
    expect([weightOf('18,5'), weightOf('3.2 kg'), weightOf('0,2'), weightOf('501'), weightOf('lourd')]).toEqual([18.5, 3.2, null, null, null]);
  });
});

describe('what is asked of whoever is treated', () => {
  it('is the weight of a child, known or not yet, and pregnancy only of an age that has it', () => {
    expect(asked(written({ relation: 'child' }), TODAY)).toEqual({ weight: true, pregnancy: false });
    expect(asked(written({ relation: 'child', birthYear: '2019' }), TODAY)).toEqual({ weight: true, pregnancy: false });
    expect(asked(written({ relation: 'child', birthYear: '1990' }), TODAY)).toEqual({ weight: false, pregnancy: true });
    expect(asked(written({ relation: 'other', birthYear: '1940' }), TODAY)).toEqual({ weight: false, pregnancy: false });
    expect(asked(written(), TODAY)).toEqual({ weight: false, pregnancy: true });
    expect(asked(written({ birth: '' }), TODAY)).toEqual({ weight: false, pregnancy: false });
  });
});

describe('what is missing', () => {
  it('is told in the order of the page', () => {
    const nothing = written({ lines: [], name: '', birth: '', phone: '', relation: 'child', consent: false });
    expect([...faults(nothing, true, TODAY)]).toEqual([
      ['lines', 'missing'],
      ['name', 'missing'],
      ['birth', 'missing'],
      ['phone', 'noContact'],
      ['birthYear', 'missing'],
      ['treatments', 'missing'],
      ['allergies', 'missing'],
      ['consent', 'missing'],
    ]);
  });

  it('is nothing where all is there, and an address does for a telephone unless one is to be called', () => {
    expect(faults(written(), false, TODAY).size).toBe(0);
    expect(faults(written({ phone: '', email: 'zoe@example.org' }), false, TODAY).size).toBe(0);
    expect(faults(written({ phone: '', email: 'zoe@example.org', callMe: true }), false, TODAY).get('phone')).toBe('missing');
    expect(faults(written({ email: 'zoe@' }), false, TODAY).get('email')).toBe('unreadable');
    expect(faults(written({ phone: 'chez moi' }), false, TODAY).get('phone')).toBe('unreadable');
    expect(faults(written({ treatments: { yes: true, what: ' ' }, allergies: { yes: false, what: '' } }), true, TODAY)).toEqual(new Map([['treatments', 'missing']]));
  });
});

describe('the order', () => {
  it('holds what was asked and nothing else', () => {
    expect(orderOf(written({ birthYear: '2019', weight: '18', note: ' à midi ' }), false, TODAY)).toEqual({
      lines: [{ cip13: '3400938358926', quantity: 1 }],
      buyer: { name: 'Zoé Dupont', birthDate: '1985-04-23', phone: '06 12 34 56 78' },
      answers: { treated: { relation: 'self', birthYear: 1985 } },
      consent: true,
      note: 'à midi',
    });
  });

  it('holds the answers where the pharmacy asks, and the wish to be called before the note', () => {
    const asks = written({ relation: 'other', birthYear: '1990', pregnant: true, callMe: true, note: 'merci', treatments: { yes: true, what: 'Kardegic' }, allergies: { yes: false, what: 'x' } });
    expect(orderOf(asks, true, TODAY)).toMatchObject({
      answers: { treated: { relation: 'other', birthYear: 1990, pregnant: true }, treatments: 'Kardegic', allergies: 'aucun' },
      note: 'Merci de me rappeler au 06 12 34 56 78 quand la commande est prête. merci',
    });
  });
});
