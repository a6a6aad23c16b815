import { getNearest, type HiddenDuty, type NearestAnswer, type Shown } from '../api';
import { apply, forgetLeft, type Answer, type View } from '../live/answers';
import { centre, type Place } from '../place/place';
import { clock } from '../time/clock.svelte';

/** Rows asked for at first, and more at each wish for more, up to what the service allows. */
const STEP = 10;
const MOST = 50;

/** Asked again this often although changes are pushed: it proves that the list is still true, and serves where no push comes through. */
const REFRESH_MS = 20_000;

/** Two refreshes missed: the list is no longer called up to date. */
const OLD_MS = 45_000;

/** The search on screen: the place, the list as it is now, and how far it can be trusted. */
export class NearestSearch {
  place = $state<Place | null>(null);
  shown = $state<Shown>('serving');
  k = $state(STEP);
  view = $state.raw<View | null>(null);
  hiddenDuty = $state.raw<readonly HiddenDuty[]>([]);
  problem = $state.raw<unknown>(null);
  loading = $state(false);
  connected = $state(false);
  online = $state(navigator.onLine);
  #answeredAt = $state(0);
  #behind = $state(false);
  #asking: AbortController | null = null;
  #watch: { stop: () => void } | null = null;
  #round = 0;

  /** Seconds since the service last confirmed the list. */
  readonly ageSeconds = $derived(Math.max(0, Math.floor((clock.now - this.#answeredAt) / 1000)));
  readonly isStale = $derived(!this.online || this.#behind || clock.now - this.#answeredAt > OLD_MS);
  readonly canAskMore = $derived(this.k < MOST && (this.view?.rows.length ?? 0) >= this.k);

  /** Looks around another place, or the same one anew. */
  around(place: Place): void {
    this.place = place;
    this.k = STEP;
    this.#startAnew();
  }

  show(shown: Shown): void {
    if (shown === this.shown) return;
    this.shown = shown;
    if (this.place !== null) this.#startAnew();
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
    try {
      const answer = await getNearest({ ...centre(this.place), k: this.k, status: this.shown }, asking.signal);
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
    const farewell = setInterval(() => (this.view = this.view && forgetLeft(this.view, clock.exact())), 1000);
    const listeners = new AbortController();
    const on = { signal: listeners.signal };
    document.addEventListener('visibilitychange', () => this.#refreshIfSeen(), on);
    addEventListener('offline', () => (this.online = false), on);
    addEventListener('online', () => this.#backOnline(), on);
    return () => {
      stopClock();
      clearInterval(timer);
      clearInterval(farewell);
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

  #follow(): void {
    void this.refresh();
    void this.#watchAgain();
  }

  // The hub's code is fetched after the first question is on its way: the list does not wait for it.
  async #watchAgain(): Promise<void> {
    const round = ++this.#round;
    this.#watch?.stop();
    this.connected = false;
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
    this.#accept({ epoch: null, asOf: answer.asOf, items: answer.items }, answer.stale);
  }

  #accept(answer: Answer, behind: boolean): void {
    this.problem = null;
    this.online = true;
    this.#behind = behind;
    if (!behind) clock.agree(Date.parse(answer.asOf));
    this.#answeredAt = behind ? Date.parse(answer.asOf) : clock.exact();
    this.view = apply(this.view, answer, this.shown);
  }

  #refreshIfSeen(): void {
    if (document.visibilityState === 'visible' && this.online) void this.refresh();
  }

  #backOnline(): void {
    this.online = true;
    void this.refresh();
  }
}
