import type { Instant } from '../api';

/** An appointment for a calendar. */
export interface Appointment {
  readonly uid: string;
  readonly made: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly title: string;
  readonly place: string;
  readonly text: string;
}

/** Octets of a line before it must be folded (RFC 5545, 3.1). */
const LONGEST_LINE = 75;

/** The appointment as an iCalendar file. It names no product and holds no code: calendars are shared. */
export function calendarFile({ uid, made, start, end, title, place, text }: Appointment): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Realtime//Pharmacies//FR',
    'METHOD:PUBLISH',
    'BEGIN:VEVENT',
    `UID:${escaped(uid)}`,
    `DTSTAMP:${utc(made)}`,
    `DTSTART:${utc(Date.parse(start))}`,
    `DTEND:${utc(Date.parse(end))}`,
    `SUMMARY:${escaped(title)}`,
    `LOCATION:${escaped(place)}`,
    `DESCRIPTION:${escaped(text)}`,
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join('');
}

function utc(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}/, '').replace(/[-:]/g, '');
}

function escaped(text: string): string {
  return text.replace(/[\\;,]/g, (mark) => `\\${mark}`).replace(/\r?\n/g, '\\n');
}

// Folded between characters, never within one: octets are counted, characters are moved.
function folded(line: string): string {
  const encoder = new TextEncoder();
  let [text, octets] = ['', 0];
  for (const character of line) {
    const more = encoder.encode(character).length;
    if (octets + more > LONGEST_LINE) [text, octets] = [`${text}\r\n `, 1];
    [text, octets] = [text + character, octets + more];
  }
  return text;
}
