-- Takes expired members out and announces each once, whichever gateway runs it (SPEC E4).
-- KEYS  1 index of channels: each with a moment at which to look, never later than its first expiry
-- ARGV  1 most channels  2 most members of each
-- Gives how many members were taken out.
local time = redis.call('TIME')
local nowMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local swept = 0
for _, channel in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', nowMs, 'LIMIT', 0, ARGV[1])) do
  local topic = 'kw:{' .. channel .. '}'
  local members, expiries = topic .. ':members', topic .. ':expiries'
  local expired = redis.call('ZRANGEBYSCORE', expiries, '-inf', nowMs, 'LIMIT', 0, ARGV[2])
  if #expired > 0 then
    redis.call('HDEL', members, unpack(expired))
    redis.call('ZREM', expiries, unpack(expired))
    redis.call('PUBLISH', topic, 'm {"set":[],"left":' .. cjson.encode(expired) .. '}')
    swept = swept + #expired
  end
  local next = redis.call('ZRANGE', expiries, 0, 0, 'WITHSCORES')
  if next[2] then redis.call('ZADD', KEYS[1], next[2], channel) else redis.call('ZREM', KEYS[1], channel) end
end
return swept
