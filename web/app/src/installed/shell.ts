/** How long the network may take for a page before the one that is kept is shown, in ms: in the rain a phone has bars and no answer. */
const PATIENCE_MS = 3_000;

/** The patient's pages, by what their addresses begin with. */
const PAGES = ['/commande', '/pharmacie', '/reserver'];

/** Under which address a page is kept: one for all pharmacies, one for all orders; null for pages that are not. */
export function pageOf(url: URL): string | null {
  if (url.pathname === '/') return '/';
  return PAGES.find((page) => url.pathname === page || url.pathname.startsWith(`${page}/`)) ?? null;
}

/** The page from the network, kept for later; where that is silent for too long or not there, the page that was kept. */
export async function openPage(cache: Cache, page: string, request: Request, early: Promise<Response | undefined>): Promise<Response> {
  const fetched = fetchPage(cache, page, request, early);
  const kept = await cache.match(page);
  if (kept === undefined) return fetched;
  return Promise.race([fetched.catch(() => kept), new Promise<Response>((show) => setTimeout(() => show(kept), PATIENCE_MS))]);
}

async function fetchPage(cache: Cache, page: string, request: Request, early: Promise<Response | undefined>): Promise<Response> {
  const answer = (await early) ?? (await fetch(request));
  if (answer.ok && !answer.redirected) await cache.put(page, answer.clone());
  return answer;
}

/** A file that is named after its contents: the one that is kept, else the network's, kept from then on. */
export async function openFile(cache: Cache, request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept !== undefined) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}
