import type { Instant } from '../api';
import type { Language } from '../words/language.svelte';
import { beginning, offsetMinutes, wallTime, type WallTime } from './instant';

/** The no-break space inside "9 h 30". */
const S = '\u00a0';

interface Manner {
  readonly today: (hour: string) => string;
  readonly tomorrow: (hour: string) => string;
  readonly weekday: (day: string, hour: string) => string;
  readonly date: (date: string, hour: string) => string;
  readonly dated: (weekday: string, date: string, hour: string) => string;
  readonly day: (day: number, month: string) => string;
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
    date: (date, hour) => `le ${date} à ${hour}`,
    dated: (weekday, date, hour) => `${weekday} ${date} à ${hour}`,
    day: (day, month) => `${day === 1 ? '1er' : day} ${month}`,
    hour: ({ hour, minute }) => (minute === 0 ? `${hour}${S}h` : `${hour}${S}h${S}${two(minute)}`),
    weekdays: ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'],
    months: ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
  },
  en: {
    today: (hour) => `today at ${hour}`,
    tomorrow: (hour) => `tomorrow at ${hour}`,
    weekday: (day, hour) => `on ${day} at ${hour}`,
    date: (date, hour) => `on ${date} at ${hour}`,
    dated: (weekday, date, hour) => `${weekday} ${date} at ${hour}`,
    day: (day, month) => `${day} ${month}`,
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
      return manner.date(dateOf(wall, manner), hour);
  }
}

/** An instant in full, by the pharmacy's own clock: "lundi 30 novembre à 19 h 30". */
export function spokenInFull(instant: Instant, language: Language): string {
  const manner = MANNERS[language];
  const wall = wallTime(Date.parse(instant), offsetMinutes(instant));
  return manner.dated(manner.weekdays[wall.weekday] ?? '', dateOf(wall, manner), manner.hour(wall));
}

function dateOf({ day, month }: WallTime, manner: Manner): string {
  return manner.day(day, manner.months[month - 1] ?? '');
}
