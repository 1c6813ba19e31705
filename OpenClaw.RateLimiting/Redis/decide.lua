-- Decides a batch of requests against token buckets, in order. Runs on Redis 6.2 and later, Valkey (Lua 5.1) and Garnet (Lua 5.4).
--
-- KEYS[k]   the state of one partition of one policy. An absent key, or one that is none of ours, is full buckets.
-- ARGV[1]   for each key the index of its policy, one byte; then the entries, each:
--           operation u8 (0 charge, 1 debit, 2 refund, 3 reset, 4 block), repetitions u16, number of charges u8, then for each charge
--           index of its key u8, cost f64 (tokens; for a block: microseconds)
-- ARGV[2..] three per policy: layout; format of the state behind the layout; per bucket capacity, units per token, units per microsecond (f64), shadow u8
-- ARGV[n]   one more when there are operations 2 to 4: the channel on which every key is announced that may have more to grant than others know
--
-- Reply: the time in microseconds, then for each key, as it was before the entries: microseconds still blocked, deficit of every bucket (all f64).
-- The caller makes the same decisions from it.
--
-- State: layout | deficits | time f64 [ | blocked until f64 ]
-- Layout: number of buckets u8, then for each bucket tag u16, width u8, capacity (an unsigned integer of that width, or f64 when it is 8)
--
-- Units are chosen by the caller so that every number here is an integer below 2^53, which a double holds exactly (see BucketNumbers).
-- Adding 0.0 makes a float of what may be an integer in Lua 5.4, where integers wrap around.

local floor, byte, sub = math.floor, string.byte, string.sub
local pack, read = struct.pack, struct.unpack

-- A clock may step back this far unnoticed: the state keeps its own, later time. A state further ahead comes from another server's clock (a failover):
-- its time becomes ours, its balance stays.
local JITTER = 1000000

local clock = redis.call('TIME')
local now = clock[1] * 1000000.0 + clock[2]

local FORMATS = { '<I1', '<I2', '<I3', '<I4', [8] = '<d' }

local function number(text, width, at)
  return read(FORMATS[width], text, at) + 0.0
end

-- Tag, capacity and width of every bucket of a layout, and where it ends; nothing when it is none.
local function parse(text)
  local buckets, at = {}, 2
  local count = byte(text, 1) or 0
  if count < 1 or count > 8 then return nil end
  for b = 1, count do
    if #text < at + 2 then return nil end
    local tag, width = read('<I2B', text, at)
    if not FORMATS[width] or #text < at + 2 + width then return nil end
    buckets[b] = { tag = tag, width = width, capacity = number(text, width, at + 3) }
    at = at + 3 + width
  end
  return buckets, at
end

-- a * b / c in integers, rounded up, for a <= c: a product of two 53-bit numbers does not fit a double, so b is taken bit by bit.
local function scale(a, b, c)
  local quotient, rest, bit = 0.0, 0.0, 4503599627370496.0 * 2
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

-- The state that another version of the policy left, under the numbers of this one: every bucket stays as full as it was, a new one is full.
local function adopt(value, policy)
  local old, at = parse(value)
  if not old then return nil end
  local balances, size = {}, at + 7
  for b = 1, #old do size = size + old[b].width end
  if #value ~= size and #value ~= size + 8 then return nil end
  for b = 1, #old do
    local bucket = old[b]
    bucket.deficit = number(value, bucket.width, at)
    at = at + bucket.width
    if not balances[bucket.tag] then balances[bucket.tag] = bucket end
  end
  local state = {}
  local ours = parse(policy.layout)
  for b = 1, #ours do
    local bucket = balances[ours[b].tag]
    if not bucket then
      state[b] = 0.0
    elseif bucket.capacity == ours[b].capacity then
      state[b] = bucket.deficit
    else
      state[b] = scale(bucket.deficit, ours[b].capacity, bucket.capacity)
    end
  end
  state[#ours + 1] = read('<d', value, size - 7)
  return state, #value > size and read('<d', value, size + 1) or 0
end

-- Policies, states and reply -------------------------------------------------------------------------------------------------------------------

local program = ARGV[1]
local policies, owners, states, reply = {}, {}, {}, { pack('<d', now) }
local values = redis.call('MGET', unpack(KEYS))

for k = 1, #KEYS do
  local index = byte(program, k)
  local policy = policies[index]
  if not policy then
    local layout, format, numbers = ARGV[3 * index - 1], ARGV[3 * index], ARGV[3 * index + 1]
    local count = #numbers / 25
    policy = { count = count, layout = layout, format = format, size = #layout + struct.size(format), reply = '<d' .. string.rep('d', count),
      capacity = {}, token = {}, rate = {}, shadow = {} }
    for b = 1, count do
      local capacity, token, rate, shadow = read('<dddB', numbers, 25 * b - 24)
      policy.capacity[b], policy.token[b], policy.rate[b], policy.shadow[b] = capacity, token, rate, shadow == 1
    end
    policies[index] = policy
  end
  local count, value = policy.count, values[k]
  local state, blocked
  if value then
    local size = policy.size
    if sub(value, 1, #policy.layout) == policy.layout and (#value == size or #value == size + 8) then
      state = { read(policy.format, value, #policy.layout + 1) }
      blocked = #value > size and read('<d', value, size + 1) or 0
    else
      state, blocked = adopt(value, policy)
    end
  end
  if not state then
    state, blocked = {}, 0
    for b = 1, count do state[b] = 0.0 end
    state[count + 1] = now
  end
  local time = state[count + 1]
  if time > now then
    if time - now > JITTER then
      state.repair = true
      time = now
    end
  else
    local elapsed = now - time
    for b = 1, count do
      -- A product above 2^53 is rounded, but never to less than 2^53, which is more than any deficit.
      local left = state[b] - elapsed * policy.rate[b]
      state[b] = left > 0 and left or 0.0
    end
    time = now
  end
  state[count + 1], state[count + 2] = time, nil
  state.blocked = blocked > time and blocked or 0
  owners[k], states[k] = policy, state
  reply[k + 1] = pack(policy.reply, state.blocked > 0 and state.blocked - time or 0, unpack(state, 1, count))
end

-- Entries ----------------------------------------------------------------------------------------------------------------------------------------

local at = #KEYS + 1
while at <= #program do
  local operation, times, charges
  operation, times, charges, at = read('<BHB', program, at)
  local first = at
  local granted = times
  for pass = 1, operation == 0 and 2 or 1 do
    at = first
    for _ = 1, charges do
      local k, cost
      k, cost, at = read('<Bd', program, at)
      local policy, state = owners[k], states[k]
      local capacity, token = policy.capacity, policy.token
      if operation == 0 and pass == 1 then
        -- How many of the run every enforcing bucket can pay.
        if state.repair and cost > 0 then state.changed = true end
        if state.blocked > 0 then
          granted = 0
        elseif cost > 0 then
          for b = 1, policy.count do
            if not policy.shadow[b] then
              -- Exact: a quotient below an integer stays below it when rounded, since both numbers are below 2^53.
              local payable = floor((capacity[b] - state[b]) / (cost * token[b]))
              if payable < granted then granted = payable end
            end
          end
        end
      elseif operation == 0 then
        if granted > 0 and cost > 0 then
          for b = 1, policy.count do
            local need, paid = cost * token[b], granted
            if policy.shadow[b] then
              local payable = floor((capacity[b] - state[b]) / need)
              if payable < paid then paid = payable end
            end
            if paid > 0 then
              state[b] = state[b] + paid * need
              state.changed = true
            end
          end
        end
      elseif operation == 4 then
        -- The last of a run counts, and all of a run are equal.
        if cost > 0 or state.blocked > 0 then state.changed = true end
        state.blocked = cost > 0 and state[policy.count + 1] + cost or 0
        state.raised = true
      else
        for b = 1, policy.count do
          local before, amount = state[b], cost * token[b] * times
          local after = 0.0
          if operation == 1 then
            after = before + amount
            if after > capacity[b] then after = capacity[b] end
          elseif operation == 2 and amount < before then
            after = before - amount
          end
          if after ~= before then
            state[b] = after
            state.changed = true
            if operation == 2 then state.raised = true end
          end
        end
        if operation == 3 then
          state.raised = true
          if state.blocked > 0 then
            state.blocked = 0
            state.changed = true
          end
        end
      end
    end
  end
end

-- Writing ----------------------------------------------------------------------------------------------------------------------------------------

for k = 1, #KEYS do
  local state = states[k]
  if state.changed then
    local policy = owners[k]
    local longest = state.blocked > 0 and state.blocked - state[policy.count + 1] or 0
    for b = 1, policy.count do
      local full = state[b] / policy.rate[b]
      if full > longest then longest = full end
    end
    local value = policy.layout .. pack(policy.format, unpack(state, 1, policy.count + 1))
    if state.blocked > 0 then value = value .. pack('<d', state.blocked) end
    -- Never gone before it is full: rounded up, and longer by the jitter, by which the state's time may lie ahead of the clock that expires the key.
    redis.call('SET', KEYS[k], value, 'PX', string.format('%.0f', floor(longest / 1000) + 1 + JITTER / 1000))
  end
  -- Who may not publish still limits: others find out by themselves within seconds.
  if state.raised then redis.pcall('PUBLISH', ARGV[#ARGV], KEYS[k]) end
end

return table.concat(reply)
