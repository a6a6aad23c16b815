/// <reference lib="webworker" />
import { Refused } from '../api';
import { ask, applicationKey, subscribe } from '../push/push';
import { noticeWords } from '../push/noticeWords';
import { isUndecided } from '../reserve/undecided';
import { find, forgetUnkept, keep, nameOf } from './kept';
import { openFile, openPage, pageOf } from './shell';
import { followed, linkOf, unfollow } from './tickets';

declare const self: ServiceWorkerGlobalScope;

/** Fingerprinted files that the patient's pages load at once, and the build that they are of. */
declare const __SHELL__: readonly string[];
declare const __VERSION__: string;

const SHELL = `shell ${__VERSION__}`;
const ANSWERS = 'answers';
const FIRST_PAGES = ['/', '/commande'];

/** What is told of an order; see grains/Push/PushText.cs. */
interface News {
  readonly order: string;
  readonly state: string;
}

/** After it nothing more comes: a refusal may still be undone. */
const LAST_NEWS = 'expired';

self.addEventListener('install', (event) => event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll([...FIRST_PAGES, ...__SHELL__]))));

self.addEventListener('activate', (event) => event.waitUntil(begin()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  const page = request.mode === 'navigate' ? pageOf(url) : null;
  if (page !== null) event.respondWith(caches.open(SHELL).then((cache) => openPage(event, cache, page)));
  else if (url.pathname.startsWith('/assets/')) event.respondWith(caches.open(SHELL).then((cache) => openFile(event, cache)));
  else if (nameOf(request) !== null) event.respondWith(answer(event, request));
});

self.addEventListener('push', (event) => event.waitUntil(notify(event.data?.json() as News)));

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show((event.notification.data as { readonly link: string }).link));
});

self.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(subscribeAnew()));

// What older builds kept goes with them; the answers stay, but for those that are kept no longer.
async function begin(): Promise<void> {
  for (const name of await caches.keys()) if (name !== SHELL && name !== ANSWERS) await caches.delete(name);
  await self.clients.claim();
  await forgetUnkept(await caches.open(ANSWERS));
}

// One after another: a list is kept where its town was.
let keeping: Promise<void> = Promise.resolve();

// The network's answer, kept; without a network the one that was kept, which says when it was received.
async function answer(event: FetchEvent, request: Request): Promise<Response> {
  const name = nameOf(request)!;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) {
      const copy = fresh.clone();
      const before = keeping.catch(() => undefined);
      event.waitUntil((keeping = before.then(async () => keep(await caches.open(ANSWERS), name, request, copy, Date.now()))));
    }
    return fresh;
  } catch (lost) {
    const kept = request.signal.aborted ? null : await find(await caches.open(ANSWERS), name, request);
    if (kept === null) throw lost;
    return kept;
  }
}

// A browser that is told must show something, even where the order has been forgotten here.
async function notify({ order, state }: News): Promise<void> {
  const known = (await followed()).find(({ name }) => name === order);
  const language = known?.language ?? (self.navigator.language.startsWith('fr') ? 'fr' : 'en');
  const words = noticeWords[language];
  const title = state === 'message' ? words.message : state === 'late' ? words.late : words.changed;
  // What replaces a notice that still lies there is news, and is heard as such; the types do not know that yet.
  const shown: NotificationOptions & { readonly renotify: boolean } = {
    body: words.open,
    tag: order,
    renotify: true,
    lang: language,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge.png',
    data: { link: known === undefined ? '/' : linkOf(known) },
  };
  await self.registration.showNotification(title, shown);
  if (state === LAST_NEWS) await unfollow(order);
}

async function show(link: string): Promise<void> {
  const url = new URL(link, self.location.origin).href;
  const open = (await self.clients.matchAll({ type: 'window' })).find((client) => client.url === url);
  await (open === undefined ? self.clients.openWindow(url) : open.focus());
}

// The browser's push service has given the subscription up: every order that is followed gets the new one.
async function subscribeAnew(): Promise<void> {
  const orders = await followed();
  if (orders.length === 0) return;
  const subscription = await subscribe(self.registration.pushManager, await applicationKey());
  // An order that is over takes none; the others do.
  for (const order of orders)
    await ask(order, subscription).catch(async (lost: unknown) => {
      if (!(lost instanceof Refused) || isUndecided(lost)) throw lost;
      await unfollow(order.name);
    });
}
