import { describe, expect, it } from 'vitest';
import { reserveWords } from '../reserve/reserveWords';
import { newer, ticket, type Order } from './orders';
import { orderWords } from './orderWords';

const order = (seq: number, late = false): Order => ({
  orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E',
  state: 'submitted',
  seq,
  lines: [],
  totalCents: null,
  heldUntil: '2026-11-30T19:30:00+01:00',
  expectedBy: '2026-11-30T10:00:00+01:00',
  timeline: [],
  messages: [],
  late,
});

describe('the link of an order', () => {
  it('holds the order and its secret behind the number sign', () => {
    expect(ticket('#990000010-01M8F56BANZW2J1HWV94HHSJ5E.CFxQNovXnmWNhiGRu7YFUIqWT6hPN33YpqX3sfolL2E')).toEqual({
      orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E',
      token: 'CFxQNovXnmWNhiGRu7YFUIqWT6hPN33YpqX3sfolL2E',
    });
  });

  it.each(['', '#', '#990000010', '#990000010-01M8F56BANZW2J1HWV94HHSJ5E', '#990000010-01M8F56BANZW2J1HWV94HHSJ5E.a/b', '#990000010-01M8F56BANZW2J1HWV94HHSJ5E.short'])('is nothing where it is not whole: %s', (fragment) => {
    expect(ticket(fragment)).toBeNull();
  });
});

describe('of two states of an order', () => {
  it('the greater seq is shown, and of two alike the later', () => {
    expect(newer(order(3), order(2)).seq).toBe(3);
    expect(newer(order(2), order(3)).seq).toBe(3);
    expect(newer(order(2), order(2, true)).late).toBe(true);
    expect(newer(null, order(1)).seq).toBe(1);
  });
});

describe('French', () => {
  const said = (words: unknown): string[] => {
    if (typeof words === 'string') return [words];
    if (typeof words === 'function') return [String((words as (...args: unknown[]) => unknown)(1234, 30, 2))];
    return Object.values(words as object).flatMap(said);
  };

  it.each([
    ['the order’s page', orderWords('fr')],
    ['the order form', reserveWords('fr')],
  ])('breaks no line before its marks and units, in the words of %s', (_, words) => {
    const all = said(words);
    expect(all.length).toBeGreaterThan(40);
    expect(all.filter((text) => / [:;?!»€%]|« |\d h\b/.test(text))).toEqual([]);
    expect(orderWords('fr').price(450)).toBe('4,50\u00a0€');
  });
});
