-- Leases receivers with due deliveries, and receivers whose lease has expired.
-- KEYS: due, leases, holders.
-- ARGV: token of the new holder, length of a lease (ms), most receivers.
-- Returns the receivers' addresses.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, to in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[3])) do
  redis.call('ZREM', KEYS[2], to)
  redis.call('HDEL', KEYS[3], to)
  redis.call('ZADD', KEYS[1], now, to)
end
local claimed = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[3])
for _, to in ipairs(claimed) do
  redis.call('ZREM', KEYS[1], to)
  redis.call('ZADD', KEYS[2], now + ARGV[2], to)
  redis.call('HSET', KEYS[3], to, ARGV[1])
end
return claimed
