/** What a first list needs is there by then, even over a slow network, in ms after the page has loaded. */
const LATER_MS = 3_000;

/** Of the answers that a page begins with, those that are kept: see kept.ts. */
const BEGINNINGS = ['/api/v1/towns?', '/api/v1/pharmacies/nearest?'];

/** Installs the service worker once the page has had its time: nothing of it stands in the way of the first list. In development the pages change too often to be kept. */
export function installLater(): void {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  if (document.readyState === 'complete') setTimeout(install, LATER_MS);
  else addEventListener('load', () => setTimeout(install, LATER_MS), { once: true });
}

async function install(): Promise<void> {
  if (navigator.serviceWorker.controller === null) navigator.serviceWorker.addEventListener('controllerchange', () => void askAgain(), { once: true });
  const { register } = await import('./register');
  // Without it the page works as before, but for the time without a network.
  await register().catch(() => undefined);
}

// What the page began with came before there was anybody who keeps it: the last of each is asked for once more, on the first visit alone.
async function askAgain(): Promise<void> {
  const asked = performance.getEntriesByType('resource').map(({ name }) => name);
  for (const beginning of BEGINNINGS) {
    const last = asked.filter((address) => address.startsWith(location.origin + beginning)).at(-1);
    // Where there is no network just now, nothing is kept.
    if (last !== undefined) await fetch(last, { headers: { accept: 'application/json' }, credentials: 'omit' }).catch(() => undefined);
  }
}
