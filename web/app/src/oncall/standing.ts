/** What is known of a department's stream. */
export interface Standing {
  readonly seq: number;
  readonly epoch: string;
}

/** Whether news tell of something that is not known yet: a later row, or another store, whose rows start anew. */
export function isNews(known: Standing | null, news: Standing): boolean {
  return known === null || news.epoch !== known.epoch || news.seq > known.seq;
}

/** Whether an answer may replace what is shown: an older one of a node that lags, or that was overtaken on its way, may not. */
export function mayReplace(known: Standing | null, answer: Standing): boolean {
  return known === null || answer.epoch !== known.epoch || answer.seq >= known.seq;
}
