import { ASKED, RECEIVED } from './received';

/**
 * What of the service's answers a phone keeps for when it has no network: the list of the town that was asked for last, that town, and the last pharmacies that were looked at. All of
 * it is everybody's: a list around somebody's own position is not kept, and neither is what he asked a pharmacy for.
 */
const PLACE = /^\/api\/v1\/pharmacies\/nearest$/;
const TOWNS = /^\/api\/v1\/towns$/;
const SERVICES = /^\/api\/v1\/services$/;
const PHARMACY = /^\/api\/v1\/pharmacies\/\w{9}$/;
const SCHEDULE = /^\/api\/v1\/pharmacies\/\w{9}\/schedule$/;

/** A schedule of as many days is a pharmacy's page's, and is kept; those who ask for fewer find theirs in it. */
const LONG_MS = 14 * 86_400_000;

/** What a list is asked by that is kept: one that is narrowed, or of another time, is not. */
const LIST = new Set(['lat', 'lon', 'k', 'status']);

/** Pharmacies and their schedules that are kept. */
const MOST = 20;

/** Degrees by which a phone may say otherwise where it is, and still mean the same place: some 300 m. */
const NEAR = 0.003;

/** Under which name an answer is kept; null for what is not. Whatever needs a right is not. */
export function nameOf(request: Request): string | null {
  if (request.method !== 'GET' || request.headers.has('authorization')) return null;
  const { pathname, searchParams } = new URL(request.url);
  if (PLACE.test(pathname)) return [...searchParams.keys()].some((name) => !LIST.has(name)) ? null : `/kept/nearest/${searchParams.get('status') ?? 'serving'}`;
  if (TOWNS.test(pathname)) return '/kept/towns';
  if (SERVICES.test(pathname)) return '/kept/services';
  if (PHARMACY.test(pathname)) return searchParams.size === 0 ? `/kept${pathname}` : null;
  return SCHEDULE.test(pathname) ? `/kept${pathname}` : null;
}

/** Keeps a copy of an answer that is worth it, and lets go of what it replaces. */
export async function keep(cache: Cache, name: string, request: Request, answer: Response, now: number): Promise<void> {
  if (name.endsWith('/schedule') && !isLong(request.url)) return;
  if (name.startsWith('/kept/nearest/') && !(await isOfTown(cache, request.url))) return;
  const headers = new Headers({ 'content-type': answer.headers.get('content-type') ?? '', [RECEIVED]: String(now), [ASKED]: request.url, date: answer.headers.get('date') ?? '' });
  await cache.put(name, new Response(await answer.blob(), { headers }));
  if (name.startsWith('/kept/nearest/')) await forgetOtherPlaces(cache, request.url);
  if (name.startsWith('/kept/api/')) await forgetOldest(cache);
}

/** Lets go of what an older build has kept and this one would not. */
export async function forgetUnkept(cache: Cache): Promise<void> {
  for (const key of await cache.keys()) {
    const asked = (await cache.match(key))?.headers.get(ASKED) ?? null;
    const name = asked === null ? null : nameOf(new Request(asked));
    if (asked === null || name === null || (name.startsWith('/kept/nearest/') && !(await isOfTown(cache, asked)))) await cache.delete(key);
  }
}

/** What was kept and answers a request; null where nothing does. */
export async function find(cache: Cache, name: string, request: Request): Promise<Response | null> {
  const kept = await cache.match(name);
  if (kept === undefined) return null;
  const asked = kept.headers.get(ASKED) ?? '';
  if (name === '/kept/towns') return townsOf(kept, asked, request.url);
  if (name.endsWith('/schedule')) return isLong(request.url) || covers(asked, request.url) ? kept : null;
  return !name.startsWith('/kept/nearest/') || isNear(asked, request.url) ? kept : null;
}

function isLong(address: string): boolean {
  const { from, to } = rangeOf(address);
  return to - from >= LONG_MS;
}

function covers(one: string, other: string): boolean {
  const [kept, asked] = [rangeOf(one), rangeOf(other)];
  return kept.from <= asked.from && asked.to <= kept.to;
}

// Between which instants (ms) a schedule was asked for.
function rangeOf(address: string): { from: number; to: number } {
  const { searchParams } = new URL(address);
  return { from: Date.parse(searchParams.get('from') ?? ''), to: Date.parse(searchParams.get('to') ?? '') };
}

// A town's list is asked for by the very point that the service gave for the town; any other is somebody's position.
async function isOfTown(cache: Cache, address: string): Promise<boolean> {
  const towns = await cache.match('/kept/towns');
  if (towns === undefined) return false;
  const { items } = (await towns.json()) as { readonly items: readonly { readonly lat: number; readonly lon: number }[] };
  const { searchParams } = new URL(address);
  return items.some(({ lat, lon }) => lat === Number(searchParams.get('lat')) && lon === Number(searchParams.get('lon')));
}

// What was found for the beginning of a name answers for the whole of it: a page that is opened again asks for its town by name.
async function townsOf(kept: Response, before: string, now: string): Promise<Response | null> {
  const [typed, asked] = [textOf(before), textOf(now)];
  if (typed === '' || !asked.startsWith(typed)) return null;
  const { items } = (await kept.json()) as { readonly items: readonly { readonly name: string }[] };
  const found = items.filter(({ name }) => folded(name).startsWith(asked));
  return found.length === 0 ? null : Response.json({ items: found }, { headers: kept.headers });
}

function textOf(address: string): string {
  return folded(new URL(address).searchParams.get('q') ?? '');
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Whether two addresses ask about the same place. */
export function isNear(one: string, other: string): boolean {
  const [a, b] = [new URL(one).searchParams, new URL(other).searchParams];
  return ['lat', 'lon'].every((axis) => Math.abs(Number(a.get(axis)) - Number(b.get(axis))) <= NEAR);
}

async function forgetOtherPlaces(cache: Cache, url: string): Promise<void> {
  for (const request of await cache.keys())
    if (new URL(request.url).pathname.startsWith('/kept/nearest/')) {
      const kept = await cache.match(request);
      if (kept !== undefined && !isNear(kept.headers.get(ASKED) ?? url, url)) await cache.delete(request);
    }
}

// Keys come in the order in which they were put.
async function forgetOldest(cache: Cache): Promise<void> {
  const pharmacies = (await cache.keys()).filter((request) => new URL(request.url).pathname.startsWith('/kept/api/'));
  for (const request of pharmacies.slice(0, Math.max(0, pharmacies.length - MOST))) await cache.delete(request);
}
