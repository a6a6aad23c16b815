import { get, refusal, type Instant, type Status, type StockItem } from '../api';
import type { Language } from '../words/language.svelte';

export type { Equivalent, Product, ProductPage, Sale, StockLevel as Level } from '../api';

/** What the page needs of a pharmacy. */
export interface Pharmacy {
  readonly id: string;
  readonly name: string;
  readonly address: { readonly street: string | null; readonly postcode: string | null; readonly city: string | null };
  readonly phone: string | null;
  readonly status: Status;
  /** Whether orders are taken at this very moment. */
  readonly clickAndCollect: boolean;
  readonly stock: readonly StockItem[];
  readonly modules: { readonly clickAndCollect: boolean; readonly questions: boolean; readonly onCallOrders: boolean; readonly doseAlert: boolean };
  readonly paused?: { readonly until?: Instant; readonly reason: string };
  /** When this phone received it, in ms of its clock, where it was kept for the time without a network; absent on one that has just come. */
  readonly receivedAt?: number;
}

export interface Boxes {
  readonly cip13: string;
  readonly quantity: number;
}

export interface Dose {
  readonly substance: string;
  readonly form: string;
  readonly grams: number | null;
  readonly limitGrams: number | null;
  /** Part of the limit that is taken, 1 being all of it. */
  readonly share: number | null;
}

export interface DoseProblem {
  /** Ends in the word of the refusal that an order would get. */
  readonly type: string;
  readonly detail: string;
  readonly cip13s: readonly string[];
}

export interface Doses {
  readonly allowed: boolean;
  readonly doses: readonly Dose[];
  readonly problems: readonly DoseProblem[];
}

/** The pharmacy, with its levels of these products. Throws as {@link get}, as all of these do. */
export function getPharmacy(id: string, products: readonly string[], signal: AbortSignal): Promise<Pharmacy> {
  const query = new URLSearchParams(products.map((cip13) => ['product', cip13]));
  return get<Pharmacy>(`/api/v1/pharmacies/${encodeURIComponent(id)}${query.size === 0 ? '' : `?${query.toString()}`}`, signal);
}

/** What the law says of a basket, in a language. */
export async function checkDoses(lines: readonly Boxes[], language: Language, signal: AbortSignal): Promise<Doses> {
  const response = await post('/api/v1/doses/check', JSON.stringify({ lines }), { 'accept-language': language }, signal);
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as Doses;
}

/** Sends a body, in the language of the page unless the headers name another; its answer may be anything. Throws TypeError where the network gave none. */
export function post(address: string, body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  const language = document.documentElement.lang;
  return fetch(address, { method: 'POST', signal, body, credentials: 'omit', headers: { accept: 'application/json', 'accept-language': language, 'content-type': 'application/json', ...headers } });
}
