import { en } from './en';
import { fr, type Words } from './fr';

export type Language = 'fr' | 'en';

const DICTIONARIES: Readonly<Record<Language, Words>> = { fr, en };
const KEY = 'language';

let current = $state<Language>(preferred());

/** The language of the page: the one chosen before, else the browser's when it is English, else French. */
export const language = {
  get current(): Language {
    return current;
  },
  get words(): Words {
    return DICTIONARIES[current];
  },
  toggle(): void {
    current = current === 'fr' ? 'en' : 'fr';
    remember(current);
  },
};

function preferred(): Language {
  const chosen = recall();
  if (chosen === 'fr' || chosen === 'en') return chosen;
  const first = navigator.languages.find((tag) => /^(fr|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith('en') === true ? 'en' : 'fr';
}

// A browser may forbid storage; the choice then lasts as long as the page, which is all that can be done.
function recall(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function remember(value: Language): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    return;
  }
}
