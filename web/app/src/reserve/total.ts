import type { Line } from './draft.svelte';

/** What a basket costs as far as prices are known; `whole` where all of them are. */
export interface Total {
  readonly cents: number;
  readonly whole: boolean;
}

export function totalOf(lines: readonly Pick<Line, 'product' | 'quantity'>[]): Total {
  const known = lines.filter(({ product }) => product.priceCents !== null);
  return { cents: known.reduce((sum, { product, quantity }) => sum + (product.priceCents ?? 0) * quantity, 0), whole: known.length === lines.length };
}
