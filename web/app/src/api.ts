import { receivedAt } from './installed/received';

/** The wire as the contract describes it. Instants are RFC 3339 text: their offset is the pharmacy's own and must not be lost by parsing. */
export type Instant = string;

export type ServiceState = 'open' | 'onCall' | 'closed' | 'unknown';
export type Access = 'walkIn' | 'bell' | 'phoneFirst';

export interface Status {
  readonly state: ServiceState;
  readonly since: Instant | null;
  /** The next change of state; what comes then is not said. */
  readonly until: Instant | null;
  readonly access: Access | null;
  readonly reason: string | null;
  readonly phone?: string | null;
  readonly instructions?: string | null;
  readonly instructionsEn?: string | null;
}

export type StockLevel = 'inStock' | 'low' | 'outOfStock' | 'unknown';

/** How much of a presentation a pharmacy has. */
export interface StockItem {
  readonly cip13: string;
  readonly level: StockLevel;
}

export interface NearestItem {
  readonly id: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  /** Metres, great circle. */
  readonly distance: number;
  readonly address: { readonly street: string | null; readonly postcode: string | null; readonly city: string | null };
  readonly phone: string | null;
  readonly status: Status;
  readonly services: readonly string[];
  readonly clickAndCollect: boolean;
  readonly stock: readonly StockItem[];
  readonly hoursSource: 'pharmacy' | 'import' | 'synthetic';
  readonly confirmedAt: Instant | null;
  readonly synthetic: boolean;
}

/** Whom to call where a sector does not publish who is on duty. */
export interface HiddenDuty {
  readonly sector: string;
  readonly call: readonly { readonly label: string; readonly tel: string }[];
}

export interface NearestAnswer {
  readonly asOf: Instant;
  readonly staleAfter: Instant;
  readonly stale: boolean;
  readonly items: readonly NearestItem[];
  readonly hiddenDuty?: readonly HiddenDuty[];
  /** When this phone received it, in ms of its clock, where it was kept for the time without a network; absent on one that has just come. */
  readonly receivedAt?: number;
}

export interface NearestWatched {
  readonly subscription: string;
  readonly epoch: string;
  readonly state: NearestAnswer;
}

export interface NearestChanged {
  readonly subscription: string;
  readonly items: readonly NearestItem[];
  readonly asOf: Instant;
}

export interface Town {
  readonly name: string;
  readonly territory: string;
  readonly lat: number;
  readonly lon: number;
  readonly population: number;
}

/** Whether a medicine may be sold online, or why not. */
export type Sale = 'allowed' | 'prescription' | 'unknownMass' | 'notMarketed';

/** A disruption of supply as the national agency tells it; days are ISO. */
export interface Shortage {
  readonly kind: 'outOfStock' | 'tension' | 'stopped' | 'availableAgain';
  readonly since: string | null;
  readonly updated: string | null;
  readonly back: string | null;
  readonly link: string;
}

export interface Product {
  readonly cip13: string;
  readonly name: string;
  /** The box: how many of what. */
  readonly label: string;
  readonly sale: Sale;
  readonly shortage: Shortage | null;
  /** Grams of each substance in a box; null where nobody can compute them. */
  readonly substances: readonly { readonly name: string; readonly grams: number | null }[];
  /** Euro cents a box; null where the price is the pharmacy's to say. */
  readonly priceCents: number | null;
}

/** Another presentation of the same generic group. */
export interface Equivalent {
  readonly cip13: string;
  readonly name: string;
  readonly label: string;
  readonly sale: Sale;
}

export interface ProductPage extends Product {
  /** Boxes of it alone that one order may hold. */
  readonly mostBoxes: number;
  readonly equivalents: readonly Equivalent[];
}

export interface Service {
  readonly code: string;
  readonly french: string;
  readonly english: string;
}

/** RFC 9457; members the service may leave out are optional. */
export interface ProblemDetails {
  readonly type?: string;
  readonly title?: string;
  readonly status?: number;
  readonly detail?: string;
}

/** The service answered, and its answer was no. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly problem: ProblemDetails,
    readonly retryAfterSeconds: number | null,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
  }
}

export type Shown = 'serving' | 'any';

/** Rows that a list begins with. */
export const FIRST_ROWS = 10;

export interface NearestQuestion {
  readonly lat: number;
  readonly lon: number;
  readonly k: number;
  readonly status: Shown;
  /** CIP13 of what must all be in stock; none together with {@link at}. */
  readonly products: readonly string[];
  readonly equivalents: boolean;
  readonly services: readonly string[];
  /** Another instant than now. */
  readonly at: Instant | null;
}

/** The pharmacies nearest to a place that have what is sought. Throws {@link Refused}, or TypeError where the network gave no answer. */
export function getNearest(question: NearestQuestion, signal: AbortSignal): Promise<NearestAnswer> {
  return get<NearestAnswer>(nearestAddress(question), signal);
}

/** Where {@link getNearest} asks. */
export function nearestAddress({ lat, lon, k, status, products, equivalents, services, at }: NearestQuestion): string {
  const query = new URLSearchParams({ lat: String(lat), lon: String(lon), k: String(k), status });
  for (const product of products) query.append('product', product);
  if (products.length > 0 && equivalents) query.set('equivalents', 'true');
  for (const service of services) query.append('service', service);
  if (at !== null) query.set('at', at);
  return `/api/v1/pharmacies/nearest?${query.toString()}`;
}

/** Towns whose name begins like the text, the likeliest first. Throws as {@link getNearest}. */
export async function getTowns(text: string, signal: AbortSignal): Promise<readonly Town[]> {
  return (await get<{ readonly items: readonly Town[] }>(townsAddress(text), signal)).items;
}

/** Where {@link getTowns} asks. */
export function townsAddress(text: string): string {
  return `/api/v1/towns?${new URLSearchParams({ q: text, limit: '8' }).toString()}`;
}

/** Medicines by name, substance or code, the likeliest first. Throws as {@link getNearest}. */
export async function getProducts(text: string, signal: AbortSignal): Promise<readonly Product[]> {
  const query = new URLSearchParams({ q: text, limit: '8' });
  return (await get<{ readonly items: readonly Product[] }>(`/api/v1/products?${query.toString()}`, signal)).items;
}

/** A medicine with what else would do. Throws as {@link getNearest}. */
export function getProduct(cip13: string, signal: AbortSignal): Promise<ProductPage> {
  return get<ProductPage>(`/api/v1/products/${encodeURIComponent(cip13)}`, signal);
}

/** Every service that a pharmacy may offer. Throws as {@link getNearest}. */
export async function getServices(signal: AbortSignal): Promise<readonly Service[]> {
  return (await get<{ readonly items: readonly Service[] }>('/api/v1/services', signal)).items;
}

/** What an address answers, as JSON, and when it was received where it had been kept. Throws as {@link getNearest}. */
export async function get<T extends object>(address: string, signal: AbortSignal): Promise<T> {
  const response = await ask(address, signal);
  const [answer, received] = [(await response.json()) as T, receivedAt(response)];
  return received === null ? answer : { ...answer, receivedAt: received };
}

/** How long an answer that was asked for ahead is worth taking, in ms. */
const AHEAD_MS = 5_000;
const onTheirWay = new Map<string, Promise<Response>>();

/** Asks an address ahead: whoever asks it within seconds takes this answer, once. What comes of it is a copy. */
export async function askAhead(address: string): Promise<Response> {
  const answer = send(address, AbortSignal.timeout(2 * AHEAD_MS));
  onTheirWay.set(address, answer);
  setTimeout(() => onTheirWay.delete(address), AHEAD_MS);
  return (await answer).clone();
}

function send(address: string, signal: AbortSignal): Promise<Response> {
  return fetch(address, { signal, headers: { accept: 'application/json' }, credentials: 'omit' });
}

/** The answer of an address that everybody may read. Throws as {@link getNearest}. */
export async function ask(address: string, signal: AbortSignal): Promise<Response> {
  const begun = onTheirWay.get(address);
  onTheirWay.delete(address);
  const response = await (begun ?? send(address, signal));
  if (!response.ok) throw await refusal(response);
  return response;
}

/** What an answer that is no says. */
export async function refusal(response: Response): Promise<Refused> {
  const isProblem = response.headers.get('content-type')?.includes('json') ?? false;
  const problem = isProblem ? ((await response.json()) as ProblemDetails) : {};
  const retryAfter = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return new Refused(response.status, problem, Number.isNaN(retryAfter) ? null : retryAfter);
}
