// Answers with the field's reference evaluator: one job per line on stdin, one answer per line on stdout, in order.
//   { "hours": text, "at": [epoch milliseconds, …] }  →  { "states": "0110…" } with 1 for open, or { "error": message }
// The package evaluates in the time zone of the process: start one process per zone, with TZ set.
// The first argument is the state whose public holidays it shall keep; none for the mainland.
import { createInterface } from 'node:readline';
import OpeningHours from 'opening_hours';

const state = process.argv[2];
const place = { address: { country_code: 'fr', ...(state ? { state } : {}) } };

const answer = ({ hours, at }) => {
  try {
    const evaluator = new OpeningHours(hours, place, { locale: 'en' });
    return { states: at.map((instant) => (evaluator.getState(new Date(instant)) ? '1' : '0')).join('') };
  } catch (error) {
    return { error: String(error) };
  }
};

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
