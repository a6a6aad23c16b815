import { getServices, Refused, type Instant, type Service, type Status } from '../api';
import { clock } from '../time/clock.svelte';
import { localDays, range } from './days';
import { getPharmacy, getSchedule, type Pharmacy, type Schedule } from './pharmacy';

/** Read again this often although its changes are pushed: it proves that the page is still true, and serves where no push comes through. */
const REFRESH_MS = 30_000;

/** Two readings missed: the page is no longer called up to date. */
const OLD_MS = 70_000;

/** What the pharmacy announces is read anew at least this often. */
const SCHEDULE_MS = 600_000;

/** Every node knows of a change within a second: read after that, no answer is older than the news. */
const AFTER_NEWS_MS = 1_500;

/** How far the service's clock may seem to be off: the answers date themselves to the second. */
const CLOCK_SLACK_MS = 1_500;

/** The pharmacy on screen, and how far what is shown of it can be trusted. */
export class PharmacyView {
  view = $state.raw<Pharmacy | null>(null);
  schedule = $state.raw<Schedule | null>(null);
  services = $state.raw<readonly Service[]>([]);
  problem = $state.raw<unknown>(null);
  /** Nobody here has that number. */
  isUnknown = $state(false);
  connected = $state(false);
  online = $state(navigator.onLine);
  /** Whether its state changed while it was looked at. */
  hasChanged = $state(false);
  #answeredAt = $state(0);
  #scheduleOf = { seq: -1, day: -1, at: 0 };
  #asking: AbortController | null = null;

  readonly ageSeconds = $derived(Math.max(0, Math.floor((clock.now - this.#answeredAt) / 1000)));
  readonly isStale = $derived(!this.online || clock.now - this.#answeredAt > OLD_MS);

  constructor(readonly id: string) {}

  /** Keeps the page true while it is open; stops when the returned function is called. */
  start(): () => void {
    const stopClock = clock.start();
    const timer = setInterval(() => this.#refreshIfSeen(), REFRESH_MS);
    const listeners = new AbortController();
    const on = { signal: listeners.signal };
    document.addEventListener('visibilitychange', () => this.#refreshIfSeen(), on);
    addEventListener('offline', () => (this.online = false), on);
    addEventListener('online', () => this.#backOnline(), on);
    const watching = this.#watch(this.refresh(), listeners.signal);
    return () => {
      stopClock();
      clearInterval(timer);
      listeners.abort();
      this.#asking?.abort();
      void watching.then((watch) => watch?.stop());
    };
  }

  /** Reads it again now; what is on screen stays until the answer comes. */
  async refresh(): Promise<void> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const { pharmacy, asOf, receivedAt } = await getPharmacy(this.id, asking.signal);
      if (asking.signal.aborted) return;
      if (receivedAt === null) this.#take(pharmacy, asOf);
      else this.#recall(pharmacy, asOf, receivedAt);
      await this.#readTheRest(pharmacy, asking.signal);
    } catch (problem) {
      if (!asking.signal.aborted) this.#fail(problem);
    }
  }

  // The hub's code is fetched after the first question is on its way: the page does not wait for it. Nobody watches a number that is unknown.
  async #watch(asked: Promise<void>, signal: AbortSignal): Promise<{ stop: () => void } | null> {
    const [{ watchPharmacy }] = await Promise.all([import('../live/pharmacyWatch'), asked]);
    if (signal.aborted || this.isUnknown) return null;
    return watchPharmacy({
      id: this.id,
      onWatched: () => void this.refresh(),
      onStatus: (status, at) => this.#told(status, at),
      onLink: (connected) => (this.connected = connected),
    });
  }

  #told(status: Status, at: Instant): void {
    if (this.view === null) return;
    // What is on its way may be older than the news; it is read again below.
    this.#asking?.abort();
    clock.agree(Date.parse(at));
    this.#answeredAt = clock.exact();
    this.#show({ ...this.view, status });
    this.#scheduleOf.seq = -1;
    setTimeout(() => void this.refresh(), AFTER_NEWS_MS);
  }

  #take(pharmacy: Pharmacy, asOf: number): void {
    this.problem = null;
    this.online = true;
    if (Math.abs(clock.exact() - asOf) > CLOCK_SLACK_MS) clock.agree(asOf);
    this.#answeredAt = clock.exact();
    this.#show(pharmacy);
  }

  // There is no network, and the phone has kept an answer: it is shown as old as it is, unless a newer one is on screen.
  #recall(pharmacy: Pharmacy, asOf: number, receivedAt: number): void {
    this.problem = null;
    this.online = false;
    if (this.view !== null) return;
    const age = Math.max(0, Date.now() - receivedAt);
    clock.agree(asOf + age);
    this.#answeredAt = clock.exact() - age;
    this.#show(pharmacy);
  }

  #show(pharmacy: Pharmacy): void {
    this.hasChanged ||= this.view !== null && this.view.status.state !== pharmacy.status.state;
    this.view = pharmacy;
  }

  async #readTheRest({ id, seq, zone, services }: Pharmacy, signal: AbortSignal): Promise<void> {
    const now = clock.exact();
    const day = localDays(zone, now, 1)[0]?.wall.dayNumber ?? 0;
    const of = this.#scheduleOf;
    if (of.seq !== seq || of.day !== day || now - of.at > SCHEDULE_MS) {
      const { from, to } = range(zone, now);
      this.schedule = await getSchedule(id, from, to, signal);
      this.#scheduleOf = { seq, day, at: now };
    }
    if (services.length > 0 && this.services.length === 0) this.services = await getServices(signal);
  }

  #fail(problem: unknown): void {
    this.isUnknown = problem instanceof Refused && problem.status === 404;
    this.problem = problem;
  }

  #refreshIfSeen(): void {
    if (document.visibilityState === 'visible' && (this.online || navigator.onLine)) void this.refresh();
  }

  #backOnline(): void {
    this.online = true;
    void this.refresh();
  }
}
