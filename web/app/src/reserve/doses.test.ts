import { describe, expect, it } from 'vitest';
import type { Doses, ProductPage } from './calls';
import { blocking, doseBars, doubtful } from './doses';
import { reserveWords } from './reserveWords';
import { said } from './refusals';
import { totalOf } from './total';
import { Refused } from '../api';

const box = (name: string, grams: number | null, priceCents: number | null = null): ProductPage => ({
  cip13: '3400938358926',
  name: 'X',
  label: '',
  substances: [{ name, grams }],
  priceCents,
  sale: 'allowed',
  shortage: null,
  mostBoxes: 1,
  equivalents: [],
});
const line = (product: ProductPage, quantity = 1) => ({ cip13: product.cip13, product, quantity });
const dose = (substance: string, grams: number | null, limitGrams: number | null, share: number | null) => ({ substance, form: 'oralSolid', grams, limitGrams, share });
const doses = (...words: string[]): Doses => ({ allowed: false, doses: [], problems: words.map((word) => ({ type: `/problems/${word}`, detail: word, cip13s: [] })) });

describe('the bar of a substance', () => {
  it('is full where one more box would be too much, and over where it is', () => {
    const lines = [line(box('ibuprofène', 4))];
    expect(doseBars([dose('ibuprofène', 4, 6, 2 / 3)], lines)[0]?.state).toBe('full');
    expect(doseBars([dose('ibuprofène', 4, 8, 0.5)], lines)[0]?.state).toBe('within');
    expect(doseBars([dose('ibuprofène', 8, 6, 4 / 3)], lines)[0]?.state).toBe('over');
  });

  it('is shown for what has a limit alone, the fullest first, and is in words', () => {
    const bars = doseBars([dose('a', 1, 4, 0.25), dose('b', 1, null, null), dose('c', null, null, 0.8)], []);
    expect(bars.map(({ substance }) => substance)).toEqual(['c', 'a']);
    const words = reserveWords('fr');
    expect(words.dose(3, 4, 0.75)).toBe('3\u00a0g sur 4\u00a0g');
    expect(words.dose(0.0015, 0.5, 0.003)).toBe('1,5\u00a0mg sur 500\u00a0mg');
    expect(words.dose(null, null, 0.8)).toBe('80\u00a0% de la limite');
  });
});

describe('what blocks', () => {
  it('is what the pharmacy refuses for certain', () => {
    const verdict = doses('dose-limit-exceeded', 'mass-unknown', 'prescription-only');
    expect(blocking(verdict, false).map(({ detail }) => detail)).toEqual(['dose-limit-exceeded', 'prescription-only']);
    expect(blocking(verdict, true).map(({ detail }) => detail)).toEqual(['prescription-only']);
    expect(doubtful(verdict, true).map(({ detail }) => detail)).toEqual(['dose-limit-exceeded', 'mass-unknown']);
  });
});

describe('the price of a basket', () => {
  it('is the sum of those that are known', () => {
    expect(totalOf([line(box('a', 1, 222), 3), line(box('b', 1))])).toEqual({ cents: 666, whole: false });
    expect(totalOf([line(box('a', 1, 222))])).toEqual({ cents: 222, whole: true });
  });
});

describe('a refusal', () => {
  const words = reserveWords('en');
  const no = (word: string, more: object = {}, retry: number | null = null) => said(new Refused(409, { type: `/problems/${word}`, ...more }, retry), words);

  it('is said at its field, at its product, or above the button', () => {
    expect(no('invalid-request', { errors: { '$.buyer.email': ['takes a mail address'], '$.lines[0].quantity': ['takes 1 to 99'] } }).fields).toEqual(
      new Map([
        ['email', 'takes a mail address'],
        ['lines', 'takes 1 to 99'],
      ]),
    );
    expect(no('out-of-stock', { lines: [{ cip13: '3400938358926', requested: 3, available: 1 }] }).products).toEqual(new Map([['3400938358926', 'Only one box is left.']]));
    expect(no('too-many-requests', {}, 7).all).toBe(words.refused.undecided(7));
    expect(no('dose-limit-exceeded', { detail: 'Too much of it.' }).all).toBe('Too much of it.');
    expect(no('something-new').all).toBe(words.refused.unknown);
  });
});
