-- Gives what the gateways that are not expired said last, as JSON texts.
-- KEYS  1 gateways  2 expiries
-- ARGV  1 most gateways
local time = redis.call('TIME')
local nowMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
local ids = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. nowMs, '+inf', 'LIMIT', 0, ARGV[1])
if #ids == 0 then return {} end
return redis.call('HMGET', KEYS[1], unpack(ids))
