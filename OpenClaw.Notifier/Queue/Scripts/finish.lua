-- Ends a delivery, as delivered or as a dead letter.
-- KEYS: queue, jobs, pending, told, deliveries, dead.
-- ARGV: event id, receiver's address, member of told, how long to remember (ms), most deliveries, most dead letters, channel, status,
-- attempts, error, time, event.
-- Returns the id of the dead letter, an empty text when it was delivered, and nothing when it was finished before.
if redis.call('HDEL', KEYS[2], 'job:' .. ARGV[1]) == 0 then
  return false
end
redis.call('HDEL', KEYS[2], 'attempts:' .. ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[2] .. '\n' .. ARGV[1])
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[5], '*', 'id', ARGV[1], 'channel', ARGV[7], 'to', ARGV[2], 'status', ARGV[8],
  'attempts', ARGV[9], 'error', ARGV[10], 'at', ARGV[11])
if ARGV[8] == 'delivered' then
  redis.call('SADD', KEYS[4], ARGV[3])
  redis.call('PEXPIRE', KEYS[4], ARGV[4])
  return ''
end
return redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[6], '*', 'id', ARGV[1], 'channel', ARGV[7], 'to', ARGV[2],
  'error', ARGV[10], 'attempts', ARGV[9], 'at', ARGV[11], 'event', ARGV[12])
