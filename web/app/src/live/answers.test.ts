import { describe, expect, it } from 'vitest';
import type { NearestItem, ServiceState } from '../api';
import { apply, FAREWELL_MS, forgetLeft, type Answer, type View } from './answers';

function item(id: string, distance: number, state: ServiceState = 'open'): NearestItem {
  return {
    id,
    name: id,
    lat: 0,
    lon: 0,
    distance,
    address: { street: null, postcode: null, city: null },
    phone: null,
    status: { state, since: null, until: null, access: null, reason: null },
    services: [],
    clickAndCollect: false,
    stock: [],
    hoursSource: 'pharmacy',
    confirmedAt: null,
    synthetic: false,
  };
}

function answer(second: number, items: readonly NearestItem[], epoch: string | null = null): Answer {
  return { epoch, asOf: new Date(1_790_000_000_000 + second * 1000).toISOString(), items };
}

function follow(...answers: readonly Answer[]): View {
  const view = answers.reduce<View | null>((before, next) => apply(before, next, 'serving'), null);
  if (view === null) throw new Error('No answer was given.');
  return view;
}

const ids = (view: View) => view.rows.map((row) => row.item.id);
const left = (view: View) => view.rows.filter((row) => row.leftAt !== null).map((row) => row.item.id);

describe('Answers from the service', () => {
  it('the newest wins, in whatever order they come', () => {
    const [one, two, three] = [answer(1, [item('a', 1)]), answer(2, [item('b', 2)]), answer(9, [item('c', 3)])];
    expect(follow(one, three, two).asOf).toBe(three.asOf);
    expect(ids(forgetLeft(follow(one, three, two), Date.parse(three.asOf) + FAREWELL_MS))).toEqual(['c']);
  });

  it('an older one changes nothing', () => {
    const view = follow(answer(5, [item('a', 1)]));
    expect(apply(view, answer(4, [item('b', 1)]), 'serving')).toBe(view);
  });

  it('holes mean nothing: the last list is the whole truth', () => {
    const all = Array.from({ length: 20 }, (_, second) => answer(second, [item('a', 1, second % 2 === 0 ? 'open' : 'onCall'), item('z', 9)]));
    const holed = all.filter((_, i) => i === 0 || i % 3 === 2 || i === 19);
    const states = (view: View) => view.rows.map((row) => [row.item.id, row.item.status.state]);
    expect(states(follow(...holed))).toEqual(states(follow(...all)));
  });

  it('of another epoch replaces everything, even with an earlier instant', () => {
    const view = follow(answer(9, [item('a', 1)], 'before'), answer(2, [item('b', 1)], 'after'));
    expect(ids(view)).toEqual(['b']);
    expect(view.epoch).toBe('after');
  });

  it('without an epoch belong to the one being watched', () => {
    const view = follow(answer(1, [item('a', 1)], 'e'), answer(2, [item('a', 1)]));
    expect(view.epoch).toBe('e');
  });

  it('an older first watch still teaches the epoch', () => {
    const view = follow(answer(5, [item('a', 1)]), answer(4, [item('b', 1)], 'e'));
    expect(view.epoch).toBe('e');
    expect(ids(view)).toEqual(['a']);
  });
});

describe('A pharmacy that stops serving', () => {
  it('stays in its place for a minute, said to have left', () => {
    const view = follow(answer(1, [item('a', 1), item('b', 2), item('c', 3)]), answer(2, [item('a', 1), item('c', 3)]));
    expect(ids(view)).toEqual(['a', 'b', 'c']);
    expect(left(view)).toEqual(['b']);
    const at = Date.parse(view.asOf);
    expect(forgetLeft(view, at + FAREWELL_MS - 1)).toBe(view);
    expect(ids(forgetLeft(view, at + FAREWELL_MS))).toEqual(['a', 'c']);
  });

  it('is not one that nearer ones pushed out of the list', () => {
    const view = follow(answer(1, [item('a', 1), item('c', 3)]), answer(2, [item('a', 1), item('b', 2)]));
    expect(ids(view)).toEqual(['a', 'b']);
  });

  it('is seen even when it was the only one', () => {
    expect(left(follow(answer(1, [item('a', 1)]), answer(2, [])))).toEqual(['a']);
  });

  it('that serves again is a row like any other, and news', () => {
    const view = follow(answer(1, [item('a', 1)]), answer(2, []), answer(3, [item('a', 1)]));
    expect(left(view)).toEqual([]);
    expect(view.rows[0]?.changedAt).toBe(Date.parse(view.asOf));
  });

  it('is dropped without farewell where all pharmacies are listed, for there it is listed as closed', () => {
    const before = apply(null, answer(1, [item('a', 1)]), 'any');
    expect(ids(apply(before, answer(2, [item('b', 2)]), 'any'))).toEqual(['b']);
  });
});

describe('A change of state', () => {
  it('is news from the moment it was seen, not before', () => {
    const first = answer(1, [item('a', 1, 'open')]);
    expect(follow(first).rows[0]?.changedAt).toBeNull();
    const view = follow(first, answer(2, [item('a', 1, 'onCall')]), answer(3, [item('a', 1, 'onCall')]));
    expect(view.rows[0]?.changedAt).toBe(Date.parse(answer(2, []).asOf));
  });
});
