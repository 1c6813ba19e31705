-- Decides a batch of requests against token buckets, in order. Runs on Redis 6.2 and later, Valkey (Lua 5.1) and Garnet (Lua 5.4).
--
-- KEYS[k]   State of one partition of one policy. A missing key, or a value in an unknown format, is treated as full buckets.
-- ARGV[1]   For each key the index of its policy, u8. Then the entries, each:
--           operation u8 (0 charge, 1 debit, 2 refund, 3 reset, 4 block), repetitions u16, number of charges u8, then for each charge
--           index of its key u8, cost f64 (tokens; for a block: microseconds). Operations 1 to 4 have one charge; instead of the number
--           of charges they have the set of buckets they apply to, one bit each, the lowest for the first. 3 and 4 apply to all.
-- ARGV[2..] Three per policy: layout; format of the state after the layout; and for each bucket capacity f64, units per token f64,
--           units per microsecond f64, shadow u8.
-- ARGV[n]   Only with operations 2 to 4: the channel that announces keys that may grant earlier. Denials are cached for blocked and for
--           scarce partitions only (see BucketArithmetic.IsScarce), so a refund to any other partition is not announced.
--
-- Reply: the state of every key before the entries, see below, all f64. The caller makes the same decisions from it (DecisionReplay).
--
-- State: layout | time f64 | deficits [ | blocked until f64 ]
-- Layout: number of buckets u8, then for each bucket tag u16, width u8, capacity (an unsigned integer of that width, or f64 when it is 8)
--
-- The caller chooses units so that every number here is an integer below 2^53, which a double holds exactly (see BucketArithmetic).
-- Integers of Lua 5.4 wrap around, so every number is a float: the time through its factor below, all others because they are read as f64.

-- Locals are faster than globals, which are looked up by name: a hundred look-ups take a tenth of the time of a call.
local floor, byte, sub, format = math.floor, string.byte, string.sub, string.format
local pack, read, call = struct.pack, struct.unpack, redis.call
local KEYS, ARGV, program = KEYS, ARGV, ARGV[1]

-- Largest step back of the clock, in microseconds, that is ignored: the state keeps its own, later time. A state further ahead was written
-- on another server's clock, before a failover: it takes the time of this server and keeps its balance.
local JITTER = 1000000

-- Converts the state of another version of the policy: every bucket keeps its balance in proportion, and a new bucket is full.
-- Returns time, deficits and end of the block; nil if the value has an unknown format.
local function adopt(value, layout)
  local formats = { '<I1', '<I2', '<I3', '<I4', [8] = '<d' }

  local function number(text, width, at)
    return read(formats[width], text, at) + 0.0
  end

  -- Returns tag, width and capacity of every bucket of a layout, and the position after it.
  local function parse(text)
    local buckets, at, count = {}, 2, byte(text, 1) or 0
    if count < 1 or count > 8 then return nil end
    for b = 1, count do
      if #text < at + 2 then return nil end
      local tag, width = read('<I2B', text, at)
      if not formats[width] or #text < at + 2 + width then return nil end
      buckets[b] = { tag = tag, width = width, capacity = number(text, width, at + 3) }
      at = at + 3 + width
    end
    return buckets, at
  end

  -- Returns a * b / c in integers, rounded up, for a <= c. The product does not fit a double, so b is processed bit by bit.
  local function scale(a, b, c)
    local quotient, rest, bit = 0.0, 0.0, 9007199254740992.0
    local function add(amount)
      if rest >= c - amount then
        rest = rest - (c - amount)
        quotient = quotient + 1
      else
        rest = rest + amount
      end
    end
    while bit >= 1 do
      quotient = quotient + quotient
      add(rest)
      if b >= bit then
        b = b - bit
        add(a)
      end
      bit = bit / 2
    end
    return rest > 0 and quotient + 1 or quotient
  end

  local old, at = parse(value)
  if not old then return nil end
  local size = at + 7
  for b = 1, #old do size = size + old[b].width end
  if #value ~= size and #value ~= size + 8 then return nil end
  local time, before = read('<d', value, at), {}
  at = at + 8
  for b = 1, #old do
    local bucket = old[b]
    bucket.deficit = number(value, bucket.width, at)
    at = at + bucket.width
    if not before[bucket.tag] then before[bucket.tag] = bucket end
  end
  local deficits, ours = {}, parse(layout)
  for b = 1, #ours do
    local bucket, capacity = before[ours[b].tag], ours[b].capacity
    if not bucket then
      deficits[b] = 0.0
    elseif bucket.capacity == capacity then
      deficits[b] = bucket.deficit
    else
      deficits[b] = scale(bucket.deficit, capacity, bucket.capacity)
    end
  end
  return time, deficits, #value > size and read('<d', value, size + 1) or 0
end

-- Read ------------------------------------------------------------------------------------------------------------------------------------
-- A table costs as much as ten steps of the script, so few are used. A policy is { layout, format, number of buckets, length of layout,
-- length of state, then for each bucket capacity, units per token, units per microsecond, shadow }. The states of all keys are one list,
-- with WIDTH numbers each: index of the policy, time, end of the block (0: not blocked), repair flag (1: the time is from another server's
-- clock), deficit of every bucket, zeros.

local LAYOUT, FORMAT, COUNT, HEAD, SIZE, FIRST = 1, 2, 3, 4, 5, 5
local POLICY, TIME, BLOCKED, REPAIR, DEFICITS = 1, 2, 3, 4, 4

local policies, width = {}, 0
for index = 1, floor((#ARGV - 1) / 3) do
  local layout, format, numbers = ARGV[3 * index - 1], ARGV[3 * index], ARGV[3 * index + 1]
  local count, size = byte(layout), #layout + struct.size(format)
  local policy
  if count == 1 then
    policy = { layout, format, 1, #layout, size, read('<dddB', numbers) }
  else
    policy = { layout, format, count, #layout, size, read('<' .. string.rep('dddB', count), numbers) }
  end
  policies[index] = policy
  if count > width then width = count end
end
local WIDTH = DEFICITS + width

local clock = redis.call('TIME')
local now = clock[1] * 1000000.0 + clock[2]
local values, state = call('MGET', unpack(KEYS)), {}

for k = 1, #KEYS do
  local index, value, base = byte(program, k), values[k], (k - 1) * WIDTH
  local policy = policies[index]
  local count = policy[COUNT]
  local from, stored, blocked = base + DEFICITS, now, 0
  -- Assigned in order of the index, so that Lua keeps the table as an array.
  state[base + POLICY], state[base + TIME], state[base + BLOCKED], state[base + REPAIR] = index, now, 0, 0
  state[from + 1] = 0.0
  for b = 2, width do state[from + b] = 0.0 end
  if value then
    local size, head = #value, policy[HEAD]
    if (size == policy[SIZE] or size == policy[SIZE] + 8) and sub(value, 1, head) == policy[LAYOUT] then
      if count == 1 then
        stored, state[from + 1] = read(policy[FORMAT], value, head + 1)
      else
        local fields = { read(policy[FORMAT], value, head + 1) }
        stored = fields[1]
        for b = 1, count do state[from + b] = fields[b + 1] end
      end
      if size > policy[SIZE] then blocked = read('<d', value, size - 7) end
    else
      local time, deficits, until_ = adopt(value, policy[LAYOUT])
      if time then
        stored, blocked = time, until_
        for b = 1, count do state[from + b] = deficits[b] end
      end
    end
  end
  if stored > now then
    if stored - now > JITTER then
      state[base + REPAIR] = 1
      stored = now
    end
    state[base + TIME] = stored
  elseif stored < now then
    local elapsed = now - stored
    for b = 1, count do
      -- A product above 2^53 is rounded, but never to less than 2^53, which is more than any deficit.
      local left = state[from + b] - elapsed * policy[FIRST + 4 * b - 1]
      state[from + b] = left > 0 and left or 0.0
    end
  end
  if blocked > state[base + TIME] then state[base + BLOCKED] = blocked end
end

local reply = pack('<' .. string.rep('d', #KEYS * WIDTH), unpack(state, 1, #KEYS * WIDTH))

-- Decide ----------------------------------------------------------------------------------------------------------------------------------

local changed, raised = {}, nil

-- Returns how many of a run of equal charges every enforcing bucket can pay.
local function payable(k, cost, times)
  local base = (k - 1) * WIDTH
  if cost > 0 and state[base + REPAIR] == 1 then changed[k] = true end
  if state[base + BLOCKED] > 0 then return 0 end
  if cost == 0 then return times end
  local policy, from = policies[state[base + POLICY]], base + DEFICITS
  for b = 1, policy[COUNT] do
    local n = FIRST + 4 * b
    if policy[n] == 0 then
      local left, need = policy[n - 3] - state[from + b], cost * policy[n - 2]
      if need > left then return 0 end
      -- Exact: a quotient below an integer is not rounded up to it, since both numbers are below 2^53.
      if need * times > left then times = floor(left / need) end
    end
  end
  return times
end

local function charge(k, cost, times)
  if cost == 0 then return end
  local base = (k - 1) * WIDTH
  local policy, from = policies[state[base + POLICY]], base + DEFICITS
  for b = 1, policy[COUNT] do
    local n = FIRST + 4 * b
    local need, paid = cost * policy[n - 2], times
    if policy[n] == 1 then
      local most = floor((policy[n - 3] - state[from + b]) / need)
      if most < paid then paid = most end
    end
    if paid > 0 then
      state[from + b] = state[from + b] + paid * need
      changed[k] = true
    end
  end
end

local function apply(operation, k, cost, times, buckets)
  local base = (k - 1) * WIDTH
  raised = raised or {}
  if operation == 4 then
    -- A repetition changes nothing.
    if cost > 0 or state[base + BLOCKED] > 0 then changed[k] = true end
    state[base + BLOCKED] = cost > 0 and state[base + TIME] + cost or 0
    raised[k] = true
    return
  end
  local policy, from = policies[state[base + POLICY]], base + DEFICITS
  local scarce, gained = state[base + BLOCKED] > 0, false
  for b = 1, policy[COUNT] do
    local n = FIRST + 4 * b
    -- The amount is zero for a bucket outside the set.
    local before, amount, after = state[from + b], cost * policy[n - 2] * times * (buckets % 2), 0.0
    buckets = floor(buckets / 2)
    if operation == 1 then
      after = before + amount
      if after > policy[n - 3] then after = policy[n - 3] end
    elseif operation == 2 and amount < before then
      after = before - amount
    end
    if after ~= before then
      state[from + b] = after
      changed[k] = true
    end
    if policy[n] == 0 then
      local left = policy[n - 3] - before
      if left < 2 * policy[n - 2] or 4 * left < policy[n - 3] then scarce = true end
      if after < before then gained = true end
    end
  end
  if operation == 2 and gained and scarce then raised[k] = true end
  if operation == 3 then
    raised[k] = true
    if state[base + BLOCKED] > 0 then
      state[base + BLOCKED] = 0
      changed[k] = true
    end
  end
end

local at = #KEYS + 1
while at < #program do
  local operation, times, charges, k, cost, rest = read('<BHBBd', program, at)
  at = rest
  if operation == 0 then
    times = payable(k, cost, times)
    for _ = 2, charges do
      local other, its
      other, its, at = read('<Bd', program, at)
      times = payable(other, its, times)
    end
    if times > 0 then
      charge(k, cost, times)
      for _ = 2, charges do
        local other, its
        other, its, rest = read('<Bd', program, rest)
        charge(other, its, times)
      end
    end
  else
    apply(operation, k, cost, times, charges)
  end
end

-- Write -----------------------------------------------------------------------------------------------------------------------------------

-- Partitions with the same level have the same expiry: format it once.
local lasts, milliseconds = -1, nil
for k in pairs(changed) do
  local base = (k - 1) * WIDTH
  local policy, time, blocked, from = policies[state[base + POLICY]], state[base + TIME], state[base + BLOCKED], base + DEFICITS
  local longest = blocked > 0 and blocked - time or 0
  for b = 1, policy[COUNT] do
    local full = state[from + b] / policy[FIRST + 4 * b - 1]
    if full > longest then longest = full end
  end
  local value = policy[LAYOUT] .. pack(policy[FORMAT], time, unpack(state, from + 1, from + policy[COUNT]))
  if blocked > 0 then value = value .. pack('<d', blocked) end
  -- The key must not expire before the buckets are full: rounded up, plus JITTER, by which the state's time may be ahead of the clock.
  longest = floor(longest / 1000) + 1 + JITTER / 1000
  if longest ~= lasts then lasts, milliseconds = longest, format('%d', longest) end
  call('SET', KEYS[k], value, 'PX', milliseconds)
end

-- pcall: without the right to publish, decisions are still made, and cached denials expire within seconds.
for k in pairs(raised or {}) do redis.pcall('PUBLISH', ARGV[#ARGV], KEYS[k]) end

return reply
