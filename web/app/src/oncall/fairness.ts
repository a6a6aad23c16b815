import type { DutyKind, Figures } from './wire';

/** One line of the plot: how unequal the loads of one kind in one sector are, with either way of sharing. */
export interface Bar {
  readonly sector: string;
  readonly kind: DutyKind;
  readonly proposal: readonly [min: number, max: number];
  readonly roundRobin: readonly [min: number, max: number];
}

/** The lines of the plot, those where round-robin is the least equal first. */
export function barsOf(proposal: Figures, roundRobin: Figures): Bar[] {
  const other = new Map(roundRobin.spread.map((row) => [`${row.sector} ${row.kind}`, row]));
  const gap = ([min, max]: readonly [number, number]) => max - min;
  return proposal.spread
    .map(({ sector, kind, min, max }): Bar => {
      const plain = other.get(`${sector} ${kind}`);
      return { sector, kind, proposal: [min, max], roundRobin: [plain?.min ?? min, plain?.max ?? max] };
    })
    .sort((a, b) => gap(b.roundRobin) - gap(a.roundRobin) || (a.sector < b.sector ? -1 : 1));
}

/** The greatest difference of loads within any sector and kind. */
export function widest(figures: Figures): number {
  return figures.spread.reduce((most, { min, max }) => Math.max(most, max - min), 0);
}

/** The top of the plot's scale: the least multiple of a round step that holds every load. */
export function scaleOf(bars: readonly Bar[]): { readonly top: number; readonly step: number } {
  const most = bars.reduce((top, bar) => Math.max(top, bar.proposal[1], bar.roundRobin[1]), 1);
  const step = [1, 2, 5, 10, 20, 50, 100].find((size) => most / size <= 6) ?? 200;
  return { top: Math.ceil(most / step) * step, step };
}
