import { inOffset, offsetMinutes } from '../time/instant';
import type { Attended } from '../time/openings';
import { calendarFile } from './calendar';
import type { Order, Shop } from './orders';
import type { OrderWords } from './orderWords';

/** When an order can be collected, as a file for a calendar. */
export function appointmentOf(order: Order, shop: Shop, next: Attended, now: number, words: OrderWords): string {
  const { name, address } = shop;
  return calendarFile({
    uid: `${order.orderId}@realtime`,
    made: now,
    start: next.now ? inOffset(now, offsetMinutes(next.start)) : next.start,
    end: next.end === null || Date.parse(order.heldUntil) < Date.parse(next.end) ? order.heldUntil : next.end,
    title: words.calendarTitle(name),
    place: [name, address.street, address.postcode, address.city].filter((part) => part !== null).join(', '),
    text: words.calendarText,
  });
}

/** Hands a calendar file over to the browser, which saves it: nobody else learns of the appointment. */
export function saveFile(file: string, name: string): void {
  const address = URL.createObjectURL(new Blob([file], { type: 'text/calendar;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
