-- wrk script: POST /rating as clients in turn, and one line of JSON at the end.
-- Usage: wrk … -s rating.lua URL -- KEYS [ADDRESSES]
--   KEYS       how many clients take turns, each with an API key: 1 is the hot key "bench-1", 10000 gives bench-1 … bench-10000.
--   ADDRESSES  from how many addresses they come, 10.0.0.1 and up; 1 unless told.
-- Every run uses this script, the single client too, so that wrk's own cost is the same everywhere.

local bit = require("bit")
local threads = 0

function setup(thread)
  thread:set("id", threads)
  threads = threads + 1
end

function init(args)
  local keys, addresses = tonumber(args[1]) or 1, tonumber(args[2]) or 1
  local body = '{"score":4,"subject":"bench"}'
  requests = {}
  for i = 1, keys do
    local address = 1 + (i - 1) % addresses
    requests[i] = wrk.format("POST", "/rating", {
      ["Content-Type"] = "application/json",
      ["X-API-Key"] = "bench-" .. i,
      ["X-Forwarded-For"] = string.format(
        "10.%d.%d.%d", bit.rshift(address, 16), bit.band(bit.rshift(address, 8), 255), bit.band(address, 255)),
    }, body)
  end
  -- Threads start at different keys; a stride prime to the number of keys visits them all in scattered order.
  count, position, stride = keys, math.floor(keys / 2) * id % keys, keys > 1 and 7919 or 1
end

function request()
  position = (position + stride) % count
  return requests[position + 1]
end

function done(summary, latency, rates)
  local e = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"micros":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, e.status, e.connect + e.read + e.write + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
