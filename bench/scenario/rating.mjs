// The scenario of deploy/k6/rating.js through autocannon, for machines that have npm and no k6:
//   npm ci && node rating.mjs [http://localhost:8080]
// Environment: API_KEY (test-key), CAPACITY (20), REFILL (5), STEPS (10), SECONDS_PER_STEP (3). Ends with 1 when a threshold is missed.
//
// autocannon has no ramp and no pause between requests: ten steps of 50 to 500 connections stand for the ramp, and at most ten
// requests a second on each connection for the pause of 0.1 s. Half load is held for half as many steps.
import autocannon from 'autocannon';

const url = process.argv[2] ?? 'http://localhost:8080';
const apiKey = process.env.API_KEY ?? 'test-key';
const capacity = Number(process.env.CAPACITY ?? 20);
const refill = Number(process.env.REFILL ?? 5);
const stepCount = Number(process.env.STEPS ?? 10);
const secondsPerStep = Number(process.env.SECONDS_PER_STEP ?? 3);
const requestsPerSecondAndUser = 10;

async function hold(users, seconds) {
  const result = await autocannon({
    url: `${url}/rating`,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ score: 4 }),
    connections: users,
    connectionRate: requestsPerSecondAndUser,
    duration: seconds,
    // Closed loop, as in k6: a slow answer delays the user's next request.
    ignoreCoordinatedOmission: true,
  });
  const count = (status) => result.statusCodeStats[status]?.count ?? 0;
  return {
    requests: result.requests.total,
    admitted: count(200),
    limited: count(429),
    other: result.requests.total - count(200) - count(429) + result.errors,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
}

/** Runs the steps and compares with what the bucket can admit in the time that really passed. */
async function scenario(name, steps) {
  const start = performance.now();
  const results = [];
  for (const [users, seconds] of steps) results.push(await hold(users, seconds));
  const seconds = (performance.now() - start) / 1000;
  const sum = (field) => results.reduce((total, r) => total + r[field], 0);
  const requests = sum('requests');
  const admitted = sum('admitted');
  const atMost = capacity + refill * seconds + 1;
  // autocannon connects anew at every step, and ends one without waiting for its last answers: up to a second of refill each.
  const atLeast = capacity + refill * (seconds - steps.length) - 1;
  const last = results.at(-1);
  console.log(
    `${name}: ${requests} requests in ${seconds.toFixed(1)} s, ${admitted} admitted ` +
      `(${atLeast.toFixed(0)} to ${atMost.toFixed(0)} expected), ` +
      `429 share ${((100 * sum('limited')) / requests).toFixed(2)} % ` +
      `(computed ${(100 * (1 - (capacity + refill * seconds) / requests)).toFixed(2)} %), ` +
      `last step p50 ${last.p50} ms, p99 ${last.p99} ms`,
  );
  const missed = [];
  if (sum('other') > 0) missed.push(`${sum('other')} answers or connections other than 200 and 429`);
  if (admitted > atMost || admitted < atLeast) missed.push(`${admitted} admitted`);
  return { last, missed: missed.map((m) => `${name}: ${m}`) };
}

const ramp = await scenario('ramp', Array.from({ length: stepCount }, (_, i) => [50 * (i + 1), secondsPerStep]));
await new Promise((done) => setTimeout(done, 1000 * (Math.ceil(capacity / refill) + 1)));
const half = await scenario('half', [[25 * stepCount, Math.ceil(stepCount / 2) * secondsPerStep]]);
if (half.last.p99 >= 5) half.missed.push(`half: p99 ${half.last.p99} ms, not under 5`);

for (const miss of [...ramp.missed, ...half.missed]) console.log(`MISSED ${miss}`);
process.exitCode = ramp.missed.length + half.missed.length > 0 ? 1 : 0;
