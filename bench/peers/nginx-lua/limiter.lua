-- One EVALSHA per request over a pooled connection, X-RateLimit headers, 429 with a JSON body.
local redis = require "nginx.redis"

local limiter = {}
limiter.__index = limiter

function limiter.new(options)
  local file = assert(io.open(options.script))
  options.source = file:read("*a")
  file:close()
  return setmetatable(options, limiter)
end

local function decide(self, key)
  local connection = redis:new()
  connection:set_timeout(1000)
  local ok, err = connection:connect(self.host, self.port)
  if not ok then return nil, err end

  local answer
  if self.sha then
    answer, err = connection:evalsha(self.sha, 1, key, self.capacity, self.rate, 1)
  end
  if not self.sha or (err and string.find(err, "NOSCRIPT", 1, true)) then
    self.sha, err = connection:script("load", self.source)
    if not self.sha then return nil, err end
    answer, err = connection:evalsha(self.sha, 1, key, self.capacity, self.rate, 1)
  end
  if answer then connection:set_keepalive(60000, 256) end
  return answer, err
end

function limiter:check()
  local answer, err = decide(self, "rl:" .. (ngx.var.http_x_api_key or ngx.var.remote_addr))
  if not answer then
    ngx.log(ngx.ERR, "limiter: ", err)
    return
  end
  ngx.header["X-RateLimit-Limit"] = self.capacity
  ngx.header["X-RateLimit-Remaining"] = answer[2]
  if answer[1] == 0 then
    ngx.header["Retry-After"] = math.ceil(answer[3] / 1000)
    ngx.status = 429
    ngx.header["Content-Type"] = "application/json"
    ngx.print('{"error":"Too Many Requests"}')
    return ngx.exit(429)
  end
end

return limiter
