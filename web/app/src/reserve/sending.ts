import { refusal, Refused } from '../api';
import { post } from './calls';
import { isUndecided, wordOf } from './undecided';

/** What stands in for the tab's storage in tests. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Placed {
  readonly orderId: string;
  readonly token: string;
}

const [FIRST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 8_000];

/**
 * The key under which one order is sent, however often: it is kept with a digest of the body, so that the same order sent again after a lost answer, or after the page
 * was loaded again, is taken once. Nothing of what was written is kept.
 */
export class OrderKey {
  readonly #place: string;
  /** Where the browser forbids storage: for as long as the page stands. */
  #held: string | null = null;

  constructor(
    pharmacy: string,
    private readonly store: Store,
  ) {
    this.#place = `order:${pharmacy}`;
  }

  /** Whether an order was sent of which nobody knows whether it arrived. */
  get isOpen(): boolean {
    return this.#read() !== null;
  }

  /** The key of a body: the one it was sent with before, or a new one. */
  async of(body: string): Promise<string> {
    const digest = await digestOf(body);
    const kept = this.#read();
    if (kept?.digest === digest) return kept.key;
    const key = crypto.randomUUID();
    this.#write(JSON.stringify({ key, digest }));
    return key;
  }

  /** The order has its answer. */
  forget(): void {
    this.#write(null);
  }

  #read(): { readonly key: string; readonly digest: string } | null {
    try {
      const kept = JSON.parse(this.#stored() ?? this.#held ?? 'null') as { readonly key?: unknown; readonly digest?: unknown } | null;
      return typeof kept?.key === 'string' && typeof kept.digest === 'string' ? { key: kept.key, digest: kept.digest } : null;
    } catch {
      return null;
    }
  }

  #stored(): string | null {
    try {
      return this.store.getItem(this.#place);
    } catch {
      return null;
    }
  }

  // A browser may forbid storage; a lost answer is then safe for as long as the page stands.
  #write(value: string | null): void {
    this.#held = value;
    try {
      if (value === null) this.store.removeItem(this.#place);
      else this.store.setItem(this.#place, value);
    } catch {
      return;
    }
  }
}

async function digestOf(body: string): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body));
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Sends an order until it has an answer: a lost one, or a service that is overloaded, is asked again with the same key, at the latest when the network is back.
 * Throws {@link Refused} where the answer is no, and where it has to wait or somebody else answered: the key is kept then, for nobody knows whether the order was taken.
 * @param lost Told whenever an answer was lost.
 */
export async function place(pharmacy: string, body: string, keys: OrderKey, lost: () => void): Promise<Placed> {
  let key = await keys.of(body);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const answer = await ask(pharmacy, body, key);
    if (answer !== null && !(answer instanceof Refused)) {
      keys.forget();
      return answer;
    }
    if (answer !== null && wordOf(answer.problem) === 'key-reused') {
      keys.forget();
      key = await keys.of(body);
    } else if (answer !== null && !isAskedAgain(answer)) {
      if (!isUndecided(answer)) keys.forget();
      throw answer;
    } else {
      lost();
    }
    await untilBack(answer?.retryAfterSeconds == null ? pause : answer.retryAfterSeconds * 1_000);
  }
}

// Headers may arrive and the body be lost, or be another's, as the page of a network that wants a login: that is a lost answer as well.
async function ask(pharmacy: string, body: string, key: string): Promise<Placed | Refused | null> {
  try {
    const answer = await post(`/api/v1/pharmacies/${pharmacy}/orders`, body, { 'idempotency-key': key }, AbortSignal.timeout(20_000));
    if (!answer.ok) return await refusal(answer);
    const { orderId, token } = (await answer.json()) as Partial<Placed>;
    return orderId === undefined || token === undefined ? null : { orderId, token };
  } catch {
    return null;
  }
}

function isAskedAgain(no: Refused): boolean {
  return no.status >= 500 || wordOf(no.problem) === 'request-in-flight';
}

function untilBack(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      globalThis.removeEventListener?.('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    globalThis.addEventListener?.('online', done);
  });
}
