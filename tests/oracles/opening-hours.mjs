// Answers with the field's reference evaluator: one job per line on stdin, one answer per line on stdout, in order.
//   { "hours": text, "at": [epoch milliseconds, …] }  →  { "states": "0120…", "comments": [text or null, …] } with 1 for open and 2 for unknown,
//   or { "error": message }
// The package evaluates in the time zone of the process: start one process per zone, with TZ set.
// The first argument is the state whose public holidays it shall keep; none for the mainland.
import { createInterface } from 'node:readline';
import OpeningHours from 'opening_hours';

const state = process.argv[2];
const place = { address: { country_code: 'fr', ...(state ? { state } : {}) } };

const answer = ({ hours, at }) => {
  try {
    const evaluator = new OpeningHours(hours, place, { locale: 'en' });
    const pairs = at.map((instant) => evaluator.getStatePair(new Date(instant)));
    return { states: pairs.map(([open, , unknown]) => (open ? '1' : unknown ? '2' : '0')).join(''), comments: pairs.map(([, , , comment]) => comment ?? null) };
  } catch (error) {
    return { error: String(error) };
  }
};

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
