/** Has the browser keep the pages and run the service worker, which it does once for all pages. A browser that cannot goes without. */
export async function register(): Promise<void> {
  if ('serviceWorker' in navigator) await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
}
