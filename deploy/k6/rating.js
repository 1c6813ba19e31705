// The rating load test: 500 users of one API key, then half as many held. One bucket, so what it admits is known beforehand.
//
//   k6 run deploy/k6/rating.js
//   k6 run -e BASE_URL=http://localhost:30080 -e API_KEY=test-key -e CAPACITY=20 -e REFILL=5 -e P99_MS=5 deploy/k6/rating.js
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter, Rate } from 'k6/metrics';

const baseUrl = __ENV.BASE_URL || 'http://localhost:8080';
const apiKey = __ENV.API_KEY || 'test-key';
// The policy of the route: tokens in a full bucket, tokens per second.
const capacity = Number(__ENV.CAPACITY || 20);
const refill = Number(__ENV.REFILL || 5);

// Milliseconds that 99 of 100 answers under half load may take. The default is meant for a client beside the edge.
const p99Milliseconds = Number(__ENV.P99_MS || 5);

const rampSeconds = 30;
const holdSeconds = 15;
// Between the two, the bucket fills up again.
const pauseSeconds = Math.ceil(capacity / refill) + 1;

/** Most and least that a bucket in constant demand admits in a time: exact, but for one token and a second of start-up. */
const atMost = (seconds) => capacity + refill * seconds + 1;
const atLeast = (seconds) => capacity + refill * (seconds - 1) - 1;

const admitted = new Counter('admitted');
const limited = new Rate('limited');

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [{ duration: `${rampSeconds}s`, target: 500 }],
      gracefulStop: '0s',
      gracefulRampDown: '0s',
    },
    half: {
      executor: 'constant-vus',
      vus: 250,
      duration: `${holdSeconds}s`,
      startTime: `${rampSeconds + pauseSeconds}s`,
      gracefulStop: '0s',
    },
  },
  thresholds: {
    // No answer but 200 and 429, and so no 5xx and no broken connection either.
    checks: ['rate==1'],
    'http_req_duration{scenario:half}': [`p(99)<${p99Milliseconds}`],
    'admitted{scenario:ramp}': [`count<=${atMost(rampSeconds)}`, `count>=${atLeast(rampSeconds)}`],
    'admitted{scenario:half}': [`count<=${atMost(holdSeconds)}`, `count>=${atLeast(holdSeconds)}`],
    // Listed so that the summary shows them by scenario.
    'limited{scenario:ramp}': ['rate>0'],
    'limited{scenario:half}': ['rate>0'],
    'http_reqs{scenario:ramp}': ['count>0'],
    'http_reqs{scenario:half}': ['count>0'],
  },
  summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
};

export default function () {
  const response = http.post(`${baseUrl}/rating`, JSON.stringify({ score: 4 }), {
    headers: { 'Content-Type': 'application/json', 'x-api-key': apiKey },
    // 429 is an answer, not a failure.
    responseCallback: http.expectedStatuses(200, 429),
  });
  check(response, { 'status 200 or 429': (r) => r.status === 200 || r.status === 429 });
  if (response.status === 200) {
    admitted.add(1);
  }
  limited.add(response.status === 429);
  sleep(0.1);
}

/** The share of 429 beside the one that the policy's numbers give for as many requests. */
export function handleSummary(data) {
  const value = (metric, field) => data.metrics[metric]?.values[field] ?? 0;
  const lines = [['ramp', rampSeconds], ['half', holdSeconds]].map(([scenario, seconds]) => {
    const requests = value(`http_reqs{scenario:${scenario}}`, 'count');
    const computed = requests === 0 ? 0 : 1 - (capacity + refill * seconds) / requests;
    const seen = value(`limited{scenario:${scenario}}`, 'rate');
    return `${scenario}: ${requests} requests, ${value(`admitted{scenario:${scenario}}`, 'count')} admitted, ` +
      `429 share ${(100 * seen).toFixed(2)} % (computed ${(100 * computed).toFixed(2)} %)`;
  });
  const p99 = value('http_req_duration{scenario:half}', 'p(99)');
  const failed = Object.entries(data.metrics).flatMap(([metric, { thresholds }]) =>
    Object.entries(thresholds ?? {}).filter(([, t]) => !t.ok).map(([threshold]) => `FAILED ${metric} ${threshold}`));
  return { stdout: [...lines, `half load p99: ${p99.toFixed(2)} ms (at most ${p99Milliseconds} ms)`, ...failed, ''].join('\n') };
}
