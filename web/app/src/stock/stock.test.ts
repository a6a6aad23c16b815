import { describe, expect, it } from 'vitest';
import { addressOf, alongRotation, filtersOf, firstLot, heights, sortedBy, type Figures, type Question } from './stock';
import { stockWords } from './stockWords';

const question: Question = { sort: 'name', descending: false, filter: 'all', q: '' };
const nothing = { boxes: 0, lots: 0, products: 0, valueCents: 0 };

function figures(some: Partial<Figures>): Figures {
  return {
    observedSince: null,
    observedDays: 0,
    fed: null,
    products: 0,
    boxes: 0,
    valueCents: 0,
    datedBoxes: 0,
    rotation: { days: null, daysByValue: null, pricedBoxes: 0, tradeMeanDays: 40 },
    weeks: [],
    slow: null,
    outOfStock: 0,
    expired: { days: 0, ...nothing },
    expiring: [30, 60, 90].map((days) => ({ days, ...nothing })),
    ...some,
  };
}

describe('the list of the shelves', () => {
  it('asks for what was typed, in order, a page at a time', () => {
    expect(addressOf('/c/1', question, null)).toBe('/c/1/stock?sort=name&order=asc&filter=all&limit=20');
    expect(addressOf('/c/1', { sort: 'expiry', descending: true, filter: 'expiring30', q: ' ibu 400 ' }, '12.3400938358926')).toBe(
      '/c/1/stock?sort=expiry&order=desc&filter=expiring30&limit=20&q=ibu+400&cursor=12.3400938358926',
    );
  });

  it('is turned round by the heading it is in order of, and by no other', () => {
    const byBoxes = sortedBy({ ...question, descending: true }, 'quantity');
    expect(byBoxes).toMatchObject({ sort: 'quantity', descending: false });
    expect(sortedBy(byBoxes, 'quantity').descending).toBe(true);
    expect(sortedBy(sortedBy(byBoxes, 'quantity'), 'quantity').descending).toBe(false);
  });

  it('offers the filters that let something through, and the one that is chosen', () => {
    expect(filtersOf(figures({}), 'all')).toEqual([{ filter: 'all', products: null }]);
    expect(filtersOf(figures({}), 'slow').map(({ filter }) => filter)).toEqual(['all', 'slow']);
    const some = figures({ outOfStock: 2, slow: { products: 3, boxes: 9 }, expiring: [30, 60, 90].map((days) => ({ ...nothing, days, products: days === 30 ? 0 : 4 })) });
    expect(filtersOf(some, 'all').map(({ filter, products }) => `${filter} ${products}`)).toEqual(['all null', 'short 2', 'slow 3', 'expiring60 4', 'expiring90 4']);
  });
});

describe('the plots', () => {
  it('give the greatest number all the room and let a small one be seen', () => {
    expect(heights([0, 1, 50, 100], 20)).toEqual([0, 1.5, 10, 20]);
    expect(heights([0, 0], 20)).toEqual([0, 0]);
    expect(heights([], 20)).toEqual([]);
  });

  it('always show the mean of the trade', () => {
    for (const own of [null, 0, 12, 40, 400]) {
      expect(alongRotation(40, own, 40)).toBeGreaterThan(0);
      expect(Math.max(alongRotation(40, own, 40), alongRotation(own ?? 0, own, 40))).toBeCloseTo(0.8);
    }
  });
});

describe('the words', () => {
  it('tell the first lot to expire and how many others there are', () => {
    expect(firstLot([])).toBeNull();
    const lot = { code: 'L1', expiry: '2027-02-28', boxes: 1, expired: false };
    expect(firstLot([lot, { ...lot, code: 'L2' }])).toEqual({ lot, others: 1 });
    expect(stockWords.fr.lot(lot)).toBe('lot L1 : 1 boîte, jusqu’au 28 févr. 2027');
    expect(stockWords.en.lot({ ...lot, boxes: 2, expired: true })).toBe('lot L1: 2 boxes, expired on 28 Feb 2027');
    expect(stockWords.fr.lot({ ...lot, code: '', expiry: null })).toBe('lot non dit : 1 boîte');
  });

  it('say plainly that boxes were not seen for long enough', () => {
    expect(stockWords.fr.tooEarly(1)).toContain('depuis 1 jour :');
    expect(stockWords.en.tooEarly(10)).toContain('for 10 days');
    expect(stockWords.fr.rotationIs('38', null, 40)).toBe('Une boîte reste 38 jours en rayon ; dans la profession, environ 40 jours.');
  });
});
