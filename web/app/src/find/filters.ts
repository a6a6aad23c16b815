import { getProduct, getServices, type Equivalent, type Instant, type NearestQuestion, type Product, type Service } from '../api';

/** A medicine that is sought. */
export interface Sought extends Product {
  /** What else would do; null until it is known. */
  readonly equivalents: readonly Equivalent[] | null;
}

/** What a pharmacy must have or do, and when. */
export interface Filters {
  readonly products: readonly Sought[];
  /** Whether another medicine of the same generic group will do. */
  readonly equivalents: boolean;
  readonly services: readonly Service[];
  /** Another instant than now, with the offset of the place. */
  readonly at: Instant | null;
}

export const NO_FILTERS: Filters = { products: [], equivalents: false, services: [], at: null };

/** The filters as the page keeps them in its entry of the history, which ends with the tab: what somebody seeks never enters an address. */
export interface Kept {
  readonly products: readonly string[];
  readonly equivalents: boolean;
  readonly services: readonly string[];
  readonly at: Instant | null;
}

/** The part of a question that filters say. What is in stock is known for now only, so that at another time no product is asked for. */
export function asked({ products, equivalents, services, at }: Filters): Pick<NearestQuestion, 'products' | 'equivalents' | 'services' | 'at'> {
  return { products: at === null ? products.map(({ cip13 }) => cip13) : [], equivalents, services: services.map(({ code }) => code), at };
}

/** Whether the list holds less than who serves: then the service's push, which tells of all who serve, does not tell of it. */
export function isNarrowed({ products, services, at }: Filters): boolean {
  return services.length > 0 || (products.length > 0 && at === null);
}

/** The filters with a medicine more; each is sought once. */
export function withProduct(filters: Filters, product: Product): Filters {
  if (filters.products.some(({ cip13 }) => cip13 === product.cip13)) return filters;
  return { ...filters, products: [...filters.products, { ...product, equivalents: null }] };
}

/** The filters once it is known what else would do for a medicine; as they were where it is no longer sought. */
export function withEquivalents(filters: Filters, cip13: string, equivalents: readonly Equivalent[]): Filters {
  return { ...filters, products: filters.products.map((product) => (product.cip13 === cip13 ? { ...product, equivalents } : product)) };
}

export function keep({ products, equivalents, services, at }: Filters): Kept {
  return { products: products.map(({ cip13 }) => cip13), equivalents, services: services.map(({ code }) => code), at };
}

/** What an entry of the history keeps; null where it keeps nothing of ours. */
export function readKept(state: unknown): Kept | null {
  if (typeof state !== 'object' || state === null || !('filters' in state)) return null;
  const kept = state.filters as Partial<Kept> | null;
  if (!isTexts(kept?.products) || !isTexts(kept.services) || typeof kept.equivalents !== 'boolean') return null;
  return { products: kept.products, equivalents: kept.equivalents, services: kept.services, at: typeof kept.at === 'string' ? kept.at : null };
}

/** The filters that were kept. What has gone meanwhile, or cannot be had, is left out, and so is a time that has passed (`now` in ms). */
export async function recall(kept: Kept, now: number, signal: AbortSignal): Promise<Filters> {
  const products = await Promise.all(kept.products.map((cip13) => getProduct(cip13, signal).catch(() => null)));
  const services = kept.services.length === 0 ? [] : await getServices(signal).catch(() => []);
  return {
    products: products.filter((product) => product !== null),
    equivalents: kept.equivalents,
    services: services.filter(({ code }) => kept.services.includes(code)),
    at: kept.at !== null && Date.parse(kept.at) > now ? kept.at : null,
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
