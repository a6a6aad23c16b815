import type { Order, Shop } from './orders';

/** What was known of an order last, and when (ms). */
export interface LastAnswer {
  readonly order: Order;
  readonly shop: Shop | null;
  readonly at: number;
}

/** Keeps the last answer for this tab, so that the page can be read without a network; a tab that is closed forgets it. */
export function keepAnswer(answer: LastAnswer): void {
  try {
    sessionStorage.setItem(place(answer.order.orderId), JSON.stringify(answer));
  } catch {
    // A browser may forbid storage, or have no room: without a network a new load then shows nothing, as if nothing had been kept.
    return;
  }
}

/** The last answer that this tab kept; null where there is none. */
export function keptAnswer(orderId: string): LastAnswer | null {
  try {
    return JSON.parse(sessionStorage.getItem(place(orderId)) ?? 'null') as LastAnswer | null;
  } catch {
    return null;
  }
}

function place(orderId: string): string {
  return `seen:${orderId}`;
}
