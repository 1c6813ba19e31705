-- Puts an event into the queue of each of its receivers and acknowledges its entry in the stream, both or neither. Skips receivers that
-- were already notified of the event or have it in their queue. Where a receiver's queue is full, the delivery becomes a dead letter.
-- KEYS: stream, told, deliveries, dead; then for each receiver: due, leases, pending, queue, jobs.
-- ARGV: group, entry, event id, time of the entry (ms), most deliveries in a queue, most entries of deliveries, most dead letters,
-- error of a full queue, time, event; then for each receiver: channel, address, member of told, job.
-- Returns how many deliveries were added; then for each dead letter the index of its receiver, from 0, and its id.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local id = ARGV[3]
local result = {0}
for i = 0, (#KEYS - 4) / 5 - 1 do
  local k = 4 + i * 5
  local channel, to, member, job = ARGV[11 + i * 4], ARGV[12 + i * 4], ARGV[13 + i * 4], ARGV[14 + i * 4]
  if redis.call('SISMEMBER', KEYS[2], member) == 1 then
    -- The receiver was notified.
  elseif redis.call('ZCARD', KEYS[k + 4]) >= tonumber(ARGV[5]) then
    -- Another notifier may have taken over the entry and finished it: then there is a dead letter already.
    if not redis.call('HGET', KEYS[k + 5], 'job:' .. id)
      and #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) > 0 then
      redis.call('XADD', KEYS[3], 'MAXLEN', '~', ARGV[6], '*', 'id', id, 'channel', channel, 'to', to, 'status', 'failed',
        'attempts', '0', 'error', ARGV[8], 'at', ARGV[9])
      result[#result + 1] = i
      result[#result + 1] = redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[7], '*', 'id', id, 'channel', channel, 'to', to,
        'error', ARGV[8], 'attempts', '0', 'at', ARGV[9], 'event', ARGV[10])
    end
  elseif redis.call('HSETNX', KEYS[k + 5], 'job:' .. id, job) == 1 then
    redis.call('ZADD', KEYS[k + 4], now, id)
    redis.call('ZADD', KEYS[k + 3], ARGV[4], to .. '\n' .. id)
    -- The holder of the receiver checks the queue again when it is done.
    if not redis.call('ZSCORE', KEYS[k + 2], to) then
      local due = redis.call('ZSCORE', KEYS[k + 1], to)
      if not due or tonumber(due) > now then
        redis.call('ZADD', KEYS[k + 1], now, to)
      end
    end
    result[1] = result[1] + 1
  end
end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
return result
