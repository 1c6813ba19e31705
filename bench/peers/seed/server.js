// The article's own edge, ported as it stands: Express with a JSON body parser, one EVAL of the whole script per request with the
// client's clock. Where the article simulates the rating API "for brevity", this forwards with fetch, as its comment proposes.
// Environment: PORT, REDIS_PORT, RATING_API, CAPACITY, REFILL_RATE (tokens per second).
import express from 'express';
import { Redis } from 'ioredis';

const { PORT, REDIS_PORT, RATING_API, CAPACITY, REFILL_RATE } = process.env;
const capacity = Number(CAPACITY);
const refillRate = Number(REFILL_RATE);

const redis = new Redis({
  host: '127.0.0.1',
  port: Number(REDIS_PORT),
  retryStrategy: (times) => Math.min(times * 200, 2000),
});

const lua = `
local key = KEYS[1]
local capacity = tonumber(ARGV[1])
local refillRate = tonumber(ARGV[2])
local now = tonumber(ARGV[3])
local bucket = redis.call('HMGET', key, 'tokens', 'timestamp')
local tokens = tonumber(bucket[1])
local timestamp = tonumber(bucket[2])
if tokens == nil then
tokens = capacity
timestamp = now
end
local elapsed = (now - timestamp) / 1000
tokens = math.min(capacity, tokens + (elapsed * refillRate))
if tokens < 1 then
return 0
else
tokens = tokens - 1
redis.call('HMSET', key, 'tokens', tokens, 'timestamp', now)
redis.call('PEXPIRE', key, math.ceil((capacity / refillRate) * 1000))
return 1
end
`;

async function allowRequest(key) {
  return await redis.eval(lua, 1, key, capacity, refillRate, Date.now()) === 1;
}

const app = express();
app.use(express.json());

app.use(async (req, res, next) => {
  const clientKey = req.headers['x-api-key'] || req.ip;
  if (!await allowRequest(`rl:${clientKey}`)) {
    return res.status(429).json({ error: 'Too Many Requests' });
  }
  next();
});

app.post('/rating', async (req, res) => {
  const answer = await fetch(`${RATING_API}/rating`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(req.body),
  });
  res.status(answer.status).json(await answer.json());
});

app.listen(Number(PORT), '127.0.0.1');
