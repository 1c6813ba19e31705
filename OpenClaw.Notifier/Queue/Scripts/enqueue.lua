-- Puts an event into the queue of each of its receivers and acknowledges its entry in the stream, both or neither. Skips receivers that
-- were already notified of the event or have it in their queue.
-- KEYS: stream, told; then for each receiver: due, leases, pending, queue, jobs.
-- ARGV: group, entry, event id, time of the entry (ms); then for each receiver: address, member of told, job.
-- Returns how many deliveries were added.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id = ARGV[3]
local added = 0
for i = 0, (#KEYS - 2) / 5 - 1 do
  local k = 2 + i * 5
  local to, member, job = ARGV[5 + i * 3], ARGV[6 + i * 3], ARGV[7 + i * 3]
  if redis.call('SISMEMBER', KEYS[2], member) == 0 and redis.call('HSETNX', KEYS[k + 5], 'job:' .. id, job) == 1 then
    redis.call('ZADD', KEYS[k + 4], now, id)
    redis.call('ZADD', KEYS[k + 3], ARGV[4], to .. '\n' .. id)
    -- The holder of the receiver checks the queue again when it is done.
    if not redis.call('ZSCORE', KEYS[k + 2], to) then
      local due = redis.call('ZSCORE', KEYS[k + 1], to)
      if not due or tonumber(due) > now then
        redis.call('ZADD', KEYS[k + 1], now, to)
      end
    end
    added = added + 1
  end
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return added
