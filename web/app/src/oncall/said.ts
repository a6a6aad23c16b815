import { trouble } from '../counter/sentences';
import type { OnCallWords } from './words';

/** What became of an act, for people. */
export interface Said {
  readonly text: string;
  readonly good: boolean;
}

/** Carries an act out and says what became of it. */
export async function attempt(what: () => Promise<unknown>, words: OnCallWords, done: string = words.saved): Promise<Said> {
  try {
    await what();
    return { text: done, good: true };
  } catch (error) {
    return { text: trouble(error, words), good: false };
  }
}
