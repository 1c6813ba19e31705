// rate-limiter-flexible as its documentation wires it up: Express, ioredis, RateLimiterRedis with the in-memory block for
// clients already over the limit, in front of the rating API over kept-alive connections (undici).
// Environment: PORT, REDIS_PORT, RATING_API, POINTS and DURATION (s) of the window, WORKERS (processes of the cluster).
import cluster from 'node:cluster';
import express from 'express';
import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { Pool } from 'undici';

const { PORT, REDIS_PORT, RATING_API, POINTS, DURATION, WORKERS } = process.env;

if (cluster.isPrimary && Number(WORKERS) > 1) {
  for (let i = 0; i < Number(WORKERS); i++) {
    cluster.fork();
  }
} else {
  serve();
}

function serve() {
  const points = Number(POINTS);
  const limiter = new RateLimiterRedis({
    storeClient: new Redis({ host: '127.0.0.1', port: Number(REDIS_PORT), enableOfflineQueue: false }),
    keyPrefix: 'rlf',
    points,
    duration: Number(DURATION),
    inMemoryBlockOnConsumed: points + 1,
  });
  const upstream = new Pool(RATING_API, { connections: 64 });
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use(async (req, res, next) => {
    try {
      const state = await limiter.consume(req.get('x-api-key') ?? req.ip);
      res.set('X-RateLimit-Limit', String(points));
      res.set('X-RateLimit-Remaining', String(state.remainingPoints));
      next();
    } catch (refusal) {
      if (refusal instanceof Error) {
        return next(refusal);
      }
      res.set('Retry-After', String(Math.ceil(refusal.msBeforeNext / 1000)));
      res.status(429).json({ error: 'Too Many Requests' });
    }
  });

  app.use(async (req, res, next) => {
    const { host, connection, ...headers } = req.headers;
    try {
      await upstream.stream(
        { path: req.originalUrl, method: req.method, headers, body: req, opaque: res },
        ({ statusCode, headers: answer, opaque }) => {
          const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = answer;
          return opaque.status(statusCode).set(rest);
        });
    } catch (error) {
      next(error);
    }
  });

  app.listen(Number(PORT), '127.0.0.1');
}
