/** An order that this phone is told of, as long as it is: its link stands nowhere else on the phone. */
export interface Followed {
  /** What the order is called in what the phone is told. */
  readonly name: string;
  readonly orderId: string;
  readonly token: string;
  readonly language: 'fr' | 'en';
  /** When it was kept, in ms. */
  readonly since: number;
}

/** An order is held for a week at most: whatever is older is of no use. */
const KEPT_MS = 14 * 86_400_000;
const STORE = 'orders';

export async function follow(order: Followed): Promise<void> {
  await within('readwrite', (store) => store.put(order));
  for (const old of await followed()) if (Date.now() - old.since > KEPT_MS) await unfollow(old.name);
}

export async function unfollow(name: string): Promise<void> {
  await within('readwrite', (store) => store.delete(name));
}

export function followed(): Promise<readonly Followed[]> {
  return within<Followed[]>('readonly', (store) => store.getAll() as IDBRequest<Followed[]>);
}

/** The address of the order's page. */
export function linkOf({ orderId, token }: Followed): string {
  return `/commande#${orderId}.${token}`;
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open('followed', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'name' });
  const database = await done(opening);
  try {
    return await done(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser keeps nothing.'));
  });
}
