import { describe, expect, it } from 'vitest';
import type { ServiceState, Status } from '../api';
import { stateAt } from './reading';

const status = (state: ServiceState, until: string | null): Status => ({ state, since: null, until, access: null, reason: null });
const at = (time: string): number => Date.parse(`2026-11-27T${time}+01:00`);

describe('the state that is told', () => {
  const open = status('open', '2026-11-27T19:30:00+01:00');

  it('is what the service said until it was to change, and unknown soon after', () => {
    expect(stateAt({ status: open }, at('19:29:59'))).toBe('open');
    expect(stateAt({ status: open }, at('19:30:04'))).toBe('open');
    expect(stateAt({ status: open }, at('19:30:05'))).toBe('unknown');
    expect(stateAt({ status: status('onCall', '2026-11-27T08:00:00+01:00') }, at('12:00:00'))).toBe('unknown');
    expect(stateAt({ status: status('open', null) }, at('12:00:00'))).toBe('open');
  });

  it('is unknown where the phone had kept the answer', () => {
    expect(stateAt({ status: open, receivedAt: at('12:00:00') }, at('12:00:01'))).toBe('unknown');
  });
});
