/** The service's time, as far as this device can tell; it ticks once a second while the page is visible. */
class Clock {
  #aheadMs = 0;
  now = $state(Date.now());

  /** A fresh answer of the service was as of this instant just now: a phone's clock may be wrong, the service's decides. */
  agree(asOf: number): void {
    this.#aheadMs = asOf - Date.now();
    this.now = asOf;
  }

  /** The time at this very moment, not at the last tick. */
  exact(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Ticks until the returned function is called. */
  start(): () => void {
    const timer = setInterval(() => (this.now = this.exact()), 1000);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
