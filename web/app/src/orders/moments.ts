import type { Instant } from '../api';
import { offsetMinutes, wallTime } from '../time/instant';
import type { OrderWords } from './orderWords';

/** An instant by the pharmacy's own clock: "lundi 30 novembre à 19 h 30". */
export function moment(instant: Instant, words: OrderWords): string {
  const wall = wallTime(Date.parse(instant), offsetMinutes(instant));
  const day = words.day(words.days[wall.weekday] ?? '', wall.day, words.months[wall.month - 1] ?? '');
  return words.at(day, words.hour(wall.hour, wall.minute));
}
