import { describe, expect, it } from 'vitest';
import { inOffset } from '../time/instant';
import { appointmentOf } from './appointment';
import { calendarFile } from './calendar';
import type { Order } from './orders';
import { orderWords } from './orderWords';

const file = (title: string): string =>
  calendarFile({ uid: 'x@realtime', made: Date.parse('2026-11-23T09:00:00.500Z'), start: '2026-11-28T09:00:00+01:00', end: '2026-11-28T12:00:00+01:00', title, place: '1, rue; A\\B', text: 'Deux\nlignes' });

describe('a calendar file', () => {
  it('ends each line by CRLF, and folds none to more than 75 octets nor within a character', () => {
    const lines = file('é'.repeat(200)).split('\r\n');
    expect(lines.at(-1)).toBe('');
    expect(lines.join('')).not.toMatch(/[\r\n]/);
    for (const line of lines) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file('é'.repeat(200)).replaceAll('\r\n ', '')).toContain(`SUMMARY:${'é'.repeat(200)}\r\n`);
  });

  it('tells instants in UTC and escapes texts', () => {
    expect(file('x').split('\r\n')).toEqual(
      expect.arrayContaining(['DTSTAMP:20261123T090000Z', 'DTSTART:20261128T080000Z', 'DTEND:20261128T110000Z', 'LOCATION:1\\, rue\\; A\\\\B', 'DESCRIPTION:Deux\\nlignes']),
    );
    expect(file('x').startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:')).toBe(true);
  });
});

describe('the appointment of an order', () => {
  const order = { orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E', heldUntil: '2026-11-28T11:00:00+01:00', pickupCode: '123456', lines: [{ name: 'IBUPROFENE' }] } as unknown as Order;
  const shop = { name: 'Pharmacie', phone: null, address: { street: 'rue A', postcode: null, city: 'Paris' }, modules: { onCallOrders: false } };

  it('ends with the hold, begins now where the door is open, and names neither product nor code', () => {
    const made = appointmentOf(order, shop, { now: true, start: '2026-11-28T09:00:00+01:00', end: '2026-11-28T12:00:00+01:00' }, Date.parse('2026-11-28T08:30:00Z'), orderWords('fr'));
    expect(made).toContain('DTSTART:20261128T083000Z\r\nDTEND:20261128T100000Z');
    expect(made).toContain('LOCATION:Pharmacie\\, rue A\\, Paris');
    expect(made).not.toMatch(/IBUPROFENE|123456/);
  });

  it('is written in the time of the pharmacy', () => {
    expect(inOffset(Date.parse('2026-11-28T08:30:00Z'), -210)).toBe('2026-11-28T05:00:00-03:30');
    expect(inOffset(Date.parse('2026-11-28T08:30:00Z'), 60)).toBe('2026-11-28T09:30:00+01:00');
  });
});
