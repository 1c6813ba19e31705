// A server with one token bucket, and the scenario against it: node rating-stub.mjs SCRIPT right|fails|generous. Prints what the script
// prints and ends as it does.
//   right: answers as the edge does. fails: every fiftieth answer is a 503. generous: admits everything.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';

const [script, kind] = process.argv.slice(2);
const capacity = Number(process.env.CAPACITY);
const refill = Number(process.env.REFILL);
let tokens = capacity;
let last = performance.now();
let count = 0;

function status(request) {
  if (request.url !== '/rating' || request.method !== 'POST' || request.headers['x-api-key'] !== 'test-key') return 404;
  count++;
  if (kind === 'generous') return 200;
  if (kind === 'fails' && count % 50 === 0) return 503;
  const now = performance.now();
  tokens = Math.min(capacity, tokens + (refill * (now - last)) / 1000);
  last = now;
  if (tokens < 1) return 429;
  tokens--;
  return 200;
}

const server = createServer((request, response) => {
  response.statusCode = status(request);
  request.resume().on('end', () => response.end());
});
server.listen(0, '127.0.0.1', () => {
  const run = spawn(process.execPath, [script, `http://127.0.0.1:${server.address().port}`], { stdio: 'inherit' });
  run.on('exit', (code) => process.exit(code ?? 1));
});
