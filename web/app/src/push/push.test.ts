import { afterEach, expect, it, vi } from 'vitest';
import { Refused } from '../api';
import { ask } from './push';

afterEach(() => void vi.unstubAllGlobals());

// The service worker lets go of an order that is over, and goes on with the others.
it('tells a refusal of the service from an answer that was lost', async () => {
  const subscription = { toJSON: () => ({ endpoint: 'https://push.example/1', keys: {} }) } as PushSubscription;
  const held = { orderId: '990000010-01M8F56BANZW2J1HWV94HHSJ5E', token: 'x'.repeat(43) };
  vi.stubGlobal('fetch', () => Promise.resolve(Response.json({ type: 'https://realtime.example/problems/order-over' }, { status: 409 })));
  await expect(ask(held, subscription)).rejects.toBeInstanceOf(Refused);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('cut')));
  await expect(ask(held, subscription)).rejects.toBeInstanceOf(TypeError);
});
