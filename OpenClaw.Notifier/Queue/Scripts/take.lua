-- Counts an attempt at each delivery that is due to a receiver. They stay in the queue until they are finished or postponed.
-- KEYS: holders, queue, jobs.
-- ARGV: receiver's address, token, most deliveries.
-- Returns event id, job and number of the attempt of each; nothing when another holder has the receiver.
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then
  return {}
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local taken = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, ARGV[3])) do
  local job = redis.call('HGET', KEYS[3], 'job:' .. id)
  if job then
    taken[#taken + 1] = id
    taken[#taken + 1] = job
    taken[#taken + 1] = redis.call('HINCRBY', KEYS[3], 'attempts:' .. id, 1)
  else
    redis.call('ZREM', KEYS[2], id)
  end
end
return taken
