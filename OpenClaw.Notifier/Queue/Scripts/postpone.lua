-- Makes a delivery due again later, unless another holder has attempted it in the meantime. The first failure is recorded.
-- KEYS: queue, jobs, deliveries.
-- ARGV: event id, number of the attempt that failed, delay (ms), most deliveries, channel, receiver's address, error, time.
-- Returns 1 when it was postponed.
if redis.call('HGET', KEYS[2], 'attempts:' .. ARGV[1]) ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[3], ARGV[1])
if ARGV[2] == '1' then
  redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[4], '*', 'id', ARGV[1], 'channel', ARGV[5], 'to', ARGV[6], 'status', 'failed',
    'attempts', ARGV[2], 'error', ARGV[7], 'at', ARGV[8])
end
return 1
