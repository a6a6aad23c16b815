import { Refused, type Instant, type ProblemDetails } from '../api';

/** Who one is; see GET /api/v1/me. */
export interface Me {
  readonly signedIn: boolean;
  readonly signIn: string | null;
  readonly name: string | null;
  readonly person: string | null;
  readonly roles: readonly string[];
  readonly post: string | null;
  readonly antiforgery: string | null;
}

export interface Person {
  readonly person: string;
  readonly name: string;
  readonly role: 'titulaire' | 'pharmacist' | 'preparer' | 'student';
  readonly hasPin: boolean;
  readonly invitedUntil: Instant | null;
}

export interface OwnPost {
  readonly pharmacy: string;
  readonly post: string;
  readonly label: string;
  readonly lockMinutes: number;
  readonly people: readonly Person[];
}

export interface Closure {
  readonly id: string;
  readonly start: Instant;
  readonly end: Instant;
  readonly reason: string | null;
  readonly relief?: Relief;
}

/** The neighbour who takes over. */
export interface Relief {
  readonly id: string;
  readonly name: string;
  readonly phone: string | null;
  /** Metres. */
  readonly distance: number;
}

/** An exceptional opening, a public holiday with hours of its own, or a vacation. */
export interface Exceptional {
  readonly id: string;
  readonly kind: 'opening' | 'holiday' | 'vacation';
  readonly start: Instant;
  readonly end: Instant;
  readonly date?: string;
  readonly name?: string;
  readonly hours?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reason?: string;
  readonly relief?: Relief;
}

export interface Holiday {
  readonly date: string;
  readonly name: string;
}

export interface PharmacyPage {
  readonly id: string;
  readonly name: string;
  readonly hours: string | null;
  readonly zone: string;
  readonly closures: readonly Closure[];
  readonly exceptions: readonly Exceptional[];
  readonly paused?: { readonly since: Instant; readonly until?: Instant; readonly reason: string } | null;
  readonly status: { readonly state: 'open' | 'onCall' | 'closed' | 'unknown' };
  readonly seq: number;
}

/** Lots that may not be given out any more; see GET /api/v1/counter/{id}/recalls. */
export interface Recall {
  readonly recallId: string;
  readonly reference: string;
  readonly cip13: string;
  readonly name: string;
  readonly lots: readonly string[];
  readonly source: string;
  readonly boxes: number;
  readonly orders: readonly string[];
  readonly acknowledgedAt: Instant | null;
}

export interface PreviewInterval {
  readonly start: Instant;
  readonly end: Instant;
  readonly state: string;
}

/** Calls of one session: they carry its antiforgery token, and read and change on the version that was read. */
export class Calls {
  me: Me | null = null;

  async who(): Promise<Me> {
    this.me = await this.send<Me>('GET', '/api/v1/me');
    return this.me;
  }

  get<T>(address: string): Promise<T> {
    return this.send<T>('GET', address);
  }

  /** Throws {@link Refused}, or TypeError where the network gave no answer: sent again with the same key it changes nothing twice. */
  change<T>(method: 'PUT' | 'POST' | 'DELETE', address: string, body?: unknown, seq?: number): Promise<T> {
    return seq === undefined ? this.send<T>(method, address, body) : this.keyed<T>(method, address, body, { 'if-match': `"${seq}"` });
  }

  /** A change that says of itself what it changes, on whatever version: made once, however often it is sent. Throws as {@link change}. */
  once<T>(method: 'PUT' | 'POST' | 'DELETE', address: string, body?: unknown): Promise<T> {
    return this.keyed<T>(method, address, body, {});
  }

  private async keyed<T>(method: string, address: string, body: unknown, more: Record<string, string>): Promise<T> {
    const headers = { ...more, 'idempotency-key': crypto.randomUUID() };
    try {
      return await this.send<T>(method, address, body, headers);
    } catch (lost) {
      const again = lost instanceof TypeError || (lost instanceof Refused && lost.status === 503);
      if (!again) throw lost;
      return await this.send<T>(method, address, body, headers);
    }
  }

  private async send<T>(method: string, address: string, body?: unknown, more: Record<string, string> = {}): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json', 'accept-language': document.documentElement.lang, ...more };
    if (method !== 'GET' && this.me?.antiforgery != null) headers['x-antiforgery'] = this.me.antiforgery;
    if (body !== undefined) headers['content-type'] = body instanceof Blob ? body.type : 'application/json';
    const content = body === undefined ? {} : { body: body instanceof Blob ? body : JSON.stringify(body) };
    const response = await fetch(address, { method, headers, credentials: 'same-origin', ...content });
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const answer: unknown = isJson ? await response.json() : null;
    if (!response.ok) throw new Refused(response.status, (answer ?? {}) as ProblemDetails, null);
    return answer as T;
  }
}
