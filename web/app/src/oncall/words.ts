import { en } from './en';
import { fr } from './fr';

/** Every language has exactly these words: a missing one does not compile. */
export type OnCallWords = typeof fr;

export const onCallWords: Readonly<Record<'fr' | 'en', OnCallWords>> = { fr, en };
