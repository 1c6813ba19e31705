// Runs a k6 script's parts in Node, with stubs of k6's own modules: node k6-stub.mjs SCRIPT. Prints what it set, asked and reported as
// JSON.
import { readFileSync } from 'node:fs';

const seen = { requests: [], checks: [], counts: [], rates: [], sleeps: [] };
globalThis.__ENV = { ...process.env };
globalThis.k6Stub = {
  status: 200,
  http: {
    post: (url, body, parameters) => {
      seen.requests.push({ url, body, headers: parameters.headers });
      return { status: globalThis.k6Stub.status };
    },
    expectedStatuses: (...statuses) => statuses,
  },
  check: (response, checks) => {
    for (const [name, passes] of Object.entries(checks)) seen.checks.push({ status: response.status, name, passed: passes(response) });
  },
  sleep: (seconds) => seen.sleeps.push(seconds),
  Counter: class { constructor(name) { this.name = name; } add(value) { seen.counts.push({ name: this.name, value }); } },
  Rate: class { constructor(name) { this.name = name; } add(value) { seen.rates.push({ name: this.name, value }); } },
};
const modules = {
  k6: 'export const { check, sleep } = globalThis.k6Stub;',
  'k6/http': 'export default globalThis.k6Stub.http;',
  'k6/metrics': 'export const { Counter, Rate } = globalThis.k6Stub;',
};
const url = (code) => `data:text/javascript,${encodeURIComponent(code)}`;
const source = readFileSync(process.argv[2], 'utf8').replace(/ from '(k6[^']*)';/g, (_, name) => ` from '${url(modules[name])}';`);
const script = await import(url(source));

for (const status of [200, 429, 503]) {
  globalThis.k6Stub.status = status;
  script.default();
}
const metrics = {
  'http_reqs{scenario:ramp}': { values: { count: 10000 }, thresholds: { 'count>0': { ok: true } } },
  'admitted{scenario:ramp}': { values: { count: 170 }, thresholds: { 'count<=171': { ok: false } } },
  'limited{scenario:ramp}': { values: { rate: 0.983 } },
};
console.log(JSON.stringify({ ...seen, options: script.options, summary: script.handleSummary({ metrics }).stdout }));
