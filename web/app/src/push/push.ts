import { get, refusal } from '../api';
import { register } from '../installed/register';
import { follow, followed, unfollow } from '../installed/tickets';
import type { Ticket } from '../orders/orders';

const LONGEST_MS = 20_000;

/** Whether this phone can be told, or is. */
export type Standing = 'unsupported' | 'denied' | 'off' | 'on';

export function isSupported(): boolean {
  return 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && 'indexedDB' in window;
}

/** How it stands with an order; asks nobody for anything. */
export async function standing({ orderId }: Ticket): Promise<Standing> {
  if (!isSupported()) return 'unsupported';
  if (Notification.permission === 'denied') return 'denied';
  if (Notification.permission !== 'granted' || !(await followed()).some((order) => order.orderId === orderId)) return 'off';
  const registration = await navigator.serviceWorker.getRegistration();
  return (await registration?.pushManager.getSubscription()) ? 'on' : 'off';
}

/** Asks the phone's owner, and then has the service tell this phone. Throws where the network, the browser's push service or the service says no. */
export async function turnOn(held: Ticket, language: 'fr' | 'en'): Promise<Standing> {
  const permission = await Notification.requestPermission();
  if (permission !== 'granted') return permission === 'denied' ? 'denied' : 'off';
  await register();
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await subscribe(pushManager, await applicationKey());
  const name = await ask(held, subscription);
  await follow({ name, ...held, language, since: Date.now() });
  return 'on';
}

/** Nothing is told any more: neither the service nor this phone remembers. */
export async function turnOff(held: Ticket): Promise<Standing> {
  const answer = await fetch(addressOf(held), { method: 'DELETE', headers: headersOf(held), credentials: 'omit' });
  // An order that is not known any more is told to nobody either.
  if (!answer.ok && answer.status !== 404) throw new Error(`HTTP ${answer.status}`);
  await forget(held);
  return 'off';
}

/** Lets go of what this phone keeps of an order; with the last one it can be told nothing at all. */
export async function forget({ orderId }: Ticket): Promise<void> {
  const all = await followed();
  for (const order of all) if (order.orderId === orderId) await unfollow(order.name);
  if (all.some((order) => order.orderId !== orderId)) return;
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

/** The key by which the browser knows the service. */
export async function applicationKey(): Promise<string> {
  return (await get<{ readonly key: string }>('/api/v1/push/key', AbortSignal.timeout(LONGEST_MS))).key;
}

/** Names a subscription to the service; answers with what the order is called in what is told. Throws Refused, or TypeError where the network gave no answer. */
export async function ask(held: Ticket, subscription: PushSubscription): Promise<string> {
  const { endpoint, keys } = subscription.toJSON();
  const body = JSON.stringify({ endpoint, keys: { p256dh: keys?.['p256dh'], auth: keys?.['auth'] } });
  const answer = await fetch(addressOf(held), { method: 'POST', headers: { ...headersOf(held), 'content-type': 'application/json' }, credentials: 'omit', body });
  if (!answer.ok) throw await refusal(answer);
  return ((await answer.json()) as { readonly name: string }).name;
}

/** A browser has one subscription; one that was made for another key is of no use any more. */
export async function subscribe(manager: PushManager, key: string): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await manager.subscribe(options);
  } catch (other) {
    if (!(other instanceof DOMException && other.name === 'InvalidStateError')) throw other;
    await (await manager.getSubscription())?.unsubscribe();
    return manager.subscribe(options);
  }
}

function addressOf({ orderId }: Ticket): string {
  return `/api/v1/orders/${orderId}/push`;
}

function headersOf({ token }: Ticket): Record<string, string> {
  return { accept: 'application/json', authorization: `Bearer ${token}` };
}
