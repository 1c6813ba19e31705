-- Ends the lease of a receiver. It is due again with its next delivery, behind the receivers that are due already.
-- KEYS: due, leases, holders, queue.
-- ARGV: receiver's address, token.
-- Returns 1 when the lease was held.
if redis.call('HGET', KEYS[3], ARGV[1]) ~= ARGV[2] then
  return 0
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
local first = redis.call('ZRANGE', KEYS[4], 0, 0, 'WITHSCORES')
if first[2] then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('ZADD', KEYS[1], math.max(now, tonumber(first[2])), ARGV[1])
end
return 1
