import type { Instant } from '../api';
import type { Language } from '../words/language.svelte';
import { beginning, type WallTime } from './instant';

/** The no-break space inside "9 h 30". */
const S = '\u00a0';

interface Manner {
  readonly today: (hour: string) => string;
  readonly tomorrow: (hour: string) => string;
  readonly weekday: (day: string, hour: string) => string;
  readonly date: (day: number, month: string, hour: string) => string;
  readonly hour: (wall: WallTime) => string;
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
}

const two = (minute: number): string => String(minute).padStart(2, '0');

const MANNERS: Readonly<Record<Language, Manner>> = {
  fr: {
    today: (hour) => `aujourd’hui à ${hour}`,
    tomorrow: (hour) => `demain à ${hour}`,
    weekday: (day, hour) => `${day} à ${hour}`,
    date: (day, month, hour) => `le ${day === 1 ? '1er' : day} ${month} à ${hour}`,
    hour: ({ hour, minute }) => (minute === 0 ? `${hour}${S}h` : `${hour}${S}h${S}${two(minute)}`),
    weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    months: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  },
  en: {
    today: (hour) => `today at ${hour}`,
    tomorrow: (hour) => `tomorrow at ${hour}`,
    weekday: (day, hour) => `on ${day} at ${hour}`,
    date: (day, month, hour) => `on ${day} ${month} at ${hour}`,
    hour: ({ hour, minute }) => `${two(hour)}:${two(minute)}`,
    weekdays: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
    months: ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'],
  },
};

/** An instant as it is said today, by the pharmacy's own clock: "aujourd’hui à 14 h", "lundi à 9 h". */
export function spoken(instant: Instant, now: number, language: Language): string {
  const manner = MANNERS[language];
  const { wall, day } = beginning(instant, now);
  const hour = manner.hour(wall);
  switch (day) {
    case 'implied':
      return manner.today(hour);
    case 'tomorrow':
      return manner.tomorrow(hour);
    case 'weekday':
      return manner.weekday(manner.weekdays[wall.weekday] ?? '', hour);
    case 'date':
      return manner.date(wall.day, manner.months[wall.month - 1] ?? '', hour);
  }
}
