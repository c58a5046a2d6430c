-- Remembers a gateway for a while, and forgets those that were silent for too long.
-- KEYS  1 gateways  2 expiries
-- ARGV  1 gateway  2 what it says, as JSON  3 ttl ms
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], string.format('%.0f', nowMs + ARGV[3]), ARGV[1])
local expired = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', nowMs), 'LIMIT', 0, 1000)
if #expired > 0 then
  redis.call('HDEL', KEYS[1], unpack(expired))
  redis.call('ZREM', KEYS[2], unpack(expired))
end
return 1
