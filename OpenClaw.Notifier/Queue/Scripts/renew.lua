-- Renews the leases of a holder.
-- KEYS: leases, holders.
-- ARGV: token, length of a lease (ms), receivers' addresses.
-- Returns how many it still holds.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = 0
for i = 3, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[1] then
    redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[i])
    held = held + 1
  end
end
return held
