import { describe, expect, it } from 'vitest';
import type { Equivalent, Product, StockItem } from '../api';
import { en } from '../words/en';
import { fr } from '../words/fr';
import { basketOf } from './basket';
import { asked, isNarrowed, keep, NO_FILTERS, readKept, withEquivalents, withProduct, type Filters } from './filters';
import { inTheirStead, isFar, stockLines } from './stock';

const SERVICE = { code: 'vaccination', french: 'Vaccination', english: 'Vaccination' };
const AT = '2026-11-30T08:00:00+01:00';

function product(cip13: string, name: string): Product {
  return { cip13, name, label: '', sale: 'allowed', shortage: null, substances: [], priceCents: null };
}

function equivalent(cip13: string, name: string): Equivalent {
  return { cip13, name, label: '', sale: 'allowed' };
}

const one: Filters = withProduct(NO_FILTERS, product('1', 'ZYRTECSET'));
const named = withEquivalents(one, '1', [equivalent('2', 'CETIRIZINE')]);

describe('What is sought', () => {
  it('is asked for', () => {
    expect(asked({ ...one, services: [SERVICE] })).toEqual({ products: ['1'], equivalents: false, services: ['vaccination'], at: null });
  });

  it('holds no product at another time, which the service would refuse', () => {
    expect(asked({ ...one, at: AT })).toEqual({ products: [], equivalents: false, services: [], at: AT });
  });

  it('is each medicine once', () => expect(withProduct(one, product('1', 'ZYRTECSET'))).toBe(one));

  it('learns what else would do only while it is sought', () => {
    expect(named.products[0]?.equivalents).toHaveLength(1);
    expect(withEquivalents(NO_FILTERS, '1', [equivalent('2', 'CETIRIZINE')]).products).toEqual([]);
  });

  it.each<[string, Filters, boolean]>([
    ['nothing', NO_FILTERS, false],
    ['a medicine', one, true],
    ['a service', { ...NO_FILTERS, services: [SERVICE] }, true],
    ['a medicine at another time', { ...one, at: AT }, false],
  ])('narrows the list: %s', (_, filters, expected) => expect(isNarrowed(filters)).toBe(expected));

  it('is kept by codes and read again', () => {
    const filters = { ...named, equivalents: true, services: [SERVICE], at: AT };
    expect(readKept(structuredClone({ filters: keep(filters) }))).toEqual({ products: ['1'], equivalents: true, services: ['vaccination'], at: AT });
  });

  it.each([null, 'text', {}, { filters: null }, { filters: { products: [1], equivalents: false, services: [] } }, { filters: { products: [], services: [] } }])('is not read from %j', (state) =>
    expect(readKept(state)).toBeNull(),
  );
});

describe('What a pharmacy has', () => {
  const stock: StockItem[] = [
    { cip13: '1', level: 'outOfStock' },
    { cip13: '2', level: 'low' },
    { cip13: '3', level: 'inStock' },
  ];

  it('is said by name, and what would do instead is said to be that', () => {
    expect(stockLines(stock, named.products)).toEqual([
      { cip13: '1', name: 'ZYRTECSET', level: 'outOfStock', isEquivalent: false },
      { cip13: '2', name: 'CETIRIZINE', level: 'low', isEquivalent: true },
      { cip13: '3', name: null, level: 'inStock', isEquivalent: true },
    ]);
  });

  it('is replaced by each equivalent once, and by nothing that is sought itself', () => {
    const two = withProduct(named, product('3', 'HUMEX'));
    expect(inTheirStead(two.products)).toBeNull();
    const both = withEquivalents(two, '3', [equivalent('1', 'ZYRTECSET'), equivalent('2', 'CETIRIZINE'), equivalent('4', 'CETIRIZINE VIATRIS')]);
    expect(inTheirStead(both.products)?.map(({ cip13 }) => cip13)).toEqual(['2', '4']);
  });

  it.each<[readonly number[], boolean]>([
    [[], true],
    [[5_001, 9_000], true],
    [[5_000, 9_000], false],
  ])('is far at %j metres: %s', (distances, expected) => expect(isFar(distances)).toBe(expected));
});

describe('The basket that a search begins', () => {
  const has = (...cip13s: string[]): StockItem[] => cip13s.map((cip13) => ({ cip13, level: 'low' }));

  it('holds one box of what is sought', () => expect(basketOf(has('1', '2'), named.products)).toEqual([{ cip13: '1', quantity: 1 }]));

  it('holds what would do where that is not there', () => {
    expect(basketOf([{ cip13: '1', level: 'outOfStock' }, ...has('2')], named.products)).toEqual([{ cip13: '2', quantity: 1 }]);
  });

  it('holds nothing that may not be sold online', () => {
    expect(basketOf(has('1'), [{ ...product('1', 'CODOLIPRANE'), sale: 'prescription', equivalents: [] }])).toEqual([]);
  });
});

describe('A shortage in words', () => {
  const told = { kind: 'outOfStock', since: '2026-03-01', updated: null, back: '2027-01-15', link: '' } as const;

  it('says since when and until when', () => {
    expect(fr.shortage(told).replace(/\s/g, ' ')).toBe('Rupture de stock signalée en France depuis le 1er mars 2026 ; retour prévu le 15 janvier 2027. Peu de pharmacies en ont.');
    expect(en.shortage(told)).toBe('Reported out of stock in France since 1 March 2026; expected back on 15 January 2027. Few pharmacies have any.');
  });

  it('says no day that is not told', () => {
    expect(fr.shortage({ ...told, kind: 'tension', since: null, back: null })).toBe('Approvisionnement difficile en France. Toutes les pharmacies n’en ont pas.');
    expect(en.shortage({ ...told, kind: 'availableAgain', back: null })).toBe('Available again in France, after a shortage.');
  });
});

describe('A postcode that is not found', () => {
  it('is answered with what would find the town', () => {
    expect(fr.noTown('44300')).toBe('Aucune ville trouvée au code postal 44300. Tapez plutôt le nom de la ville.');
    expect(en.noTown('Nantse')).toBe('No town matches “Nantse”.');
  });
});
