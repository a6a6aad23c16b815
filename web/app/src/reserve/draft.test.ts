import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProductPage } from './calls';
import { Draft } from './draft.svelte';

const [FIRST, SECOND] = [{ cip13: '3400938358926', quantity: 2 }, { cip13: '3400935955838', quantity: 1 }];
const product = (cip13: string): ProductPage => ({ cip13, name: cip13, label: '', sale: 'allowed', shortage: null, substances: [], priceCents: null, mostBoxes: 9, equivalents: [] });

describe('a basket that was kept over a reload', () => {
  let kept: string | null = null;

  beforeEach(() => {
    kept = JSON.stringify([FIRST, SECOND]);
    vi.stubGlobal('sessionStorage', { getItem: () => kept, setItem: (_: string, value: string) => (kept = value), removeItem: () => (kept = null) });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('loses no line that could not be read again yet', () => {
    const draft = new Draft('990000010');
    draft.add(product(FIRST.cip13), FIRST.quantity);
    draft.settle(FIRST.cip13);
    expect(draft.waiting).toEqual([SECOND]);
    expect(JSON.parse(kept ?? '')).toEqual([FIRST, SECOND]);
    const later = new Draft('990000010');
    for (const { cip13, quantity } of later.waiting) {
      later.add(product(cip13), quantity);
      later.settle(cip13);
    }
    expect(later.waiting).toEqual([]);
    expect(later.lines.map(({ cip13, quantity }) => ({ cip13, quantity }))).toEqual([FIRST, SECOND]);
    expect(JSON.parse(kept ?? '')).toEqual([FIRST, SECOND]);
  });

  it('waits once for a product that was put in again meanwhile', () => {
    new Draft('990000010').add(product(SECOND.cip13), 3);
    expect(new Draft('990000010').waiting).toEqual([{ ...SECOND, quantity: 4 }, FIRST]);
  });
});
