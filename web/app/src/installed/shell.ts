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
export async function openPage(event: FetchEvent, cache: Cache, page: string): Promise<Response> {
  const fetched = fetch(event.request).then((answer) => {
    if (answer.ok && !answer.redirected) event.waitUntil(keepPage(cache, page, answer.clone()));
    return answer;
  });
  const kept = await cache.match(page);
  if (kept === undefined) return fetched;
  return Promise.race([fetched.catch(() => kept), new Promise<Response>((show) => setTimeout(() => show(kept), PATIENCE_MS))]);
}

// A page of another build is kept only with its files: without a network it would be empty. A phone that is full keeps what it had.
async function keepPage(cache: Cache, page: string, answer: Response): Promise<void> {
  try {
    const files = [...(await answer.clone().text()).matchAll(/\/assets\/[\w.-]+\.(?:js|css)/g)].map(([file]) => file);
    const kept = await Promise.all(files.map((file) => caches.match(file)));
    if (kept.every((file) => file !== undefined)) await cache.put(page, answer);
  } catch {
    // What could not be kept was shown all the same.
  }
}

/** A file that is named after its contents: the one that is kept, else the network's, kept from then on. */
export async function openFile(event: FetchEvent, cache: Cache): Promise<Response> {
  const kept = await caches.match(event.request);
  if (kept !== undefined) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(cache.put(event.request, answer.clone()).catch(() => undefined));
  return answer;
}
