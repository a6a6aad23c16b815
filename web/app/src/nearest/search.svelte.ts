import { FIRST_ROWS, getNearest, type HiddenDuty, type NearestAnswer, type Shown } from '../api';
import { asked, isNarrowed, NO_FILTERS, type Filters } from '../find/filters';
import { apply, forgetLeft, type Answer, type View } from '../live/answers';
import { centre, type Place } from '../place/place';
import { clock } from '../time/clock.svelte';

/** More rows at each wish for more, up to what the service allows. */
const STEP = 10;
const MOST = 50;

/** Asked again this often although changes are pushed: it proves that the list is still true, and serves where no push comes through. */
const REFRESH_MS = 20_000;

/** Where no push comes, the list is asked again so long after a change that was foreseen: the service has made it by then. */
const CHANGED_MS = 1_000;

/** Two refreshes missed: the list is no longer called up to date. */
const OLD_MS = 45_000;

/** What is foreseen changes seldom: it is asked for again so often, and is old after as long without an answer. */
const FORESEEN_REFRESH_MS = 300_000;
const FORESEEN_OLD_MS = 600_000;

/** The search on screen: the place, the list as it is now, and how far it can be trusted. */
export class NearestSearch {
  place = $state<Place | null>(null);
  shown = $state<Shown>('serving');
  filters = $state.raw<Filters>(NO_FILTERS);
  k = $state(FIRST_ROWS);
  view = $state.raw<View | null>(null);
  hiddenDuty = $state.raw<readonly HiddenDuty[]>([]);
  problem = $state.raw<unknown>(null);
  loading = $state(false);
  connected = $state(false);
  online = $state(navigator.onLine);
  #answeredAt = $state(0);
  #behind = $state(false);
  #askedAt = 0;
  #asking: AbortController | null = null;
  #watch: { stop: () => void } | null = null;
  #round = 0;

  /** Seconds since the service last confirmed the list. */
  readonly ageSeconds = $derived(Math.max(0, Math.floor((clock.now - this.#answeredAt) / 1000)));
  /** The instant that the list is about where that is another than now, in ms. */
  readonly foreseenAt = $derived(this.filters.at === null ? null : Date.parse(this.filters.at));
  readonly isNarrowed = $derived(isNarrowed(this.filters));
  /** Whether the instant that was foreseen has come: what is on screen is then no longer of another time, and not of now either. */
  readonly isPast = $derived(this.foreseenAt !== null && clock.now >= this.foreseenAt);
  /** Whether what is foreseen was answered too long ago; it does not age by the second. */
  readonly isForeseenLongAgo = $derived(this.foreseenAt !== null && clock.now - this.#answeredAt > FORESEEN_OLD_MS);
  readonly isStale = $derived(
    !this.online || (this.foreseenAt === null ? this.#behind || clock.now - this.#answeredAt > OLD_MS : this.isPast || this.isForeseenLongAgo),
  );
  readonly canAskMore = $derived(this.k < MOST && (this.view?.rows.length ?? 0) >= this.k);

  /** Looks around another place, or the same one anew. */
  around(place: Place): void {
    this.place = place;
    this.k = FIRST_ROWS;
    this.#startAnew();
  }

  show(shown: Shown): void {
    if (shown === this.shown) return;
    this.shown = shown;
    if (this.place !== null) this.#startAnew();
  }

  /** Looks for something else, or at another time. */
  seek(filters: Filters): void {
    const before = this.filters;
    this.filters = filters;
    if (this.place !== null && JSON.stringify(asked(before)) !== JSON.stringify(asked(filters))) this.#startAnew();
  }

  more(): void {
    this.k = Math.min(MOST, this.k + STEP);
    this.#follow();
  }

  /** Asks again now; the list on screen stays until the answer comes. */
  async refresh(): Promise<void> {
    if (this.place === null) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.loading = true;
    this.#askedAt = clock.exact();
    try {
      const answer = await getNearest({ ...centre(this.place), k: this.k, status: this.shown, ...asked(this.filters) }, asking.signal);
      if (!asking.signal.aborted) this.#take(answer);
    } catch (problem) {
      if (!asking.signal.aborted) this.problem = problem;
    } finally {
      if (this.#asking === asking) this.loading = false;
    }
  }

  /** Keeps the list true while the page is open; stops when the returned function is called. */
  start(): () => void {
    const stopClock = clock.start();
    const timer = setInterval(() => this.#refreshIfSeen(), REFRESH_MS);
    const each = setInterval(() => this.#eachSecond(), 1000);
    const listeners = new AbortController();
    const on = { signal: listeners.signal };
    document.addEventListener('visibilitychange', () => this.#refreshIfSeen(), on);
    addEventListener('offline', () => (this.online = false), on);
    addEventListener('online', () => this.#backOnline(), on);
    return () => {
      stopClock();
      clearInterval(timer);
      clearInterval(each);
      listeners.abort();
      this.#watch?.stop();
    };
  }

  #startAnew(): void {
    this.view = null;
    this.problem = null;
    this.hiddenDuty = [];
    this.#follow();
  }

  // What is foreseen changes with nothing that is pushed, and a narrowed list with more than that: stock.
  #follow(): void {
    void this.refresh();
    if (this.foreseenAt === null && !this.isNarrowed) void this.#watchAgain();
    else this.#unwatch();
  }

  #unwatch(): number {
    this.#watch?.stop();
    this.#watch = null;
    this.connected = false;
    return ++this.#round;
  }

  // The hub's code is fetched after the first question is on its way: the list does not wait for it.
  async #watchAgain(): Promise<void> {
    const round = this.#unwatch();
    const { watchNearest } = await import('../live/nearestWatch');
    if (round !== this.#round || this.place === null) return;
    this.#watch = watchNearest({
      ...centre(this.place),
      k: this.k,
      onAnswer: (answer) => this.#pushed(answer),
      onLink: (connected) => (this.connected = connected),
    });
  }

  // The hub lists who serves. Among the k nearest of all, whoever starts or stops serving is among the k nearest serving as well,
  // so each of its lists is also the signal that the list of all has changed.
  #pushed(answer: Answer): void {
    if (this.shown === 'serving') this.#accept(answer, false);
    else void this.refresh();
  }

  #take(answer: NearestAnswer): void {
    this.hiddenDuty = answer.hiddenDuty ?? [];
    if (answer.receivedAt !== undefined) this.#recall(answer, answer.receivedAt);
    else this.#accept({ epoch: null, asOf: answer.asOf, items: answer.items }, answer.stale);
  }

  // There is no network, and the phone has kept an answer: it is shown as old as it is, unless a newer one is on screen.
  #recall({ asOf, items }: NearestAnswer, receivedAt: number): void {
    this.problem = null;
    this.online = false;
    if (this.view !== null) return;
    const age = Math.max(0, Date.now() - receivedAt);
    clock.agree(Date.parse(asOf) + age);
    this.#answeredAt = clock.exact() - age;
    this.view = apply(null, { epoch: null, asOf, items }, this.shown);
  }

  #accept(answer: Answer, behind: boolean): void {
    this.problem = null;
    this.online = true;
    this.#behind = behind;
    if (!behind) clock.agree(Date.parse(answer.asOf));
    this.#answeredAt = behind ? Date.parse(answer.asOf) : clock.exact();
    // At another time nobody is seen to stop serving: who is no longer foreseen is not on the list.
    this.view = apply(this.foreseenAt === null ? this.view : null, answer, this.shown);
  }

  #refreshIfSeen(): void {
    if (document.visibilityState !== 'visible' || !(this.online || navigator.onLine)) return;
    if (this.foreseenAt === null || (!this.isPast && clock.exact() - this.#askedAt >= FORESEEN_REFRESH_MS)) void this.refresh();
  }

  #eachSecond(): void {
    if (this.foreseenAt !== null) return;
    this.view = this.view && forgetLeft(this.view, clock.exact());
    if (!this.connected && !this.loading && this.#hasChanged()) this.#refreshIfSeen();
  }

  // Whether a change that the list foresees has come since it was asked for.
  #hasChanged(): boolean {
    const now = clock.exact() - CHANGED_MS;
    return (this.view?.rows ?? []).some(({ item: { status }, leftAt }) => {
      const until = leftAt === null && status.until !== null ? Date.parse(status.until) : Infinity;
      return until <= now && until > this.#askedAt - CHANGED_MS;
    });
  }

  #backOnline(): void {
    this.online = true;
    void this.refresh();
  }
}
