// Reads response headers, one JSON object per line, and prints what ratelimit-header-parser reads from each:
// { limit, used, remaining, reset }, the reset in seconds from now and NaN as "NaN", or null when it finds nothing.
import { createInterface } from 'node:readline';
import { parseRateLimit } from 'ratelimit-header-parser';

const printable = (number) => (Number.isNaN(number) ? 'NaN' : number);

for await (const line of createInterface({ input: process.stdin })) {
  const parsed = parseRateLimit(new Headers(JSON.parse(line)));
  console.log(JSON.stringify(parsed === undefined ? null : {
    limit: printable(parsed.limit),
    used: printable(parsed.used),
    remaining: printable(parsed.remaining),
    reset: printable(Math.round((parsed.reset - Date.now()) / 1000)),
  }));
}
