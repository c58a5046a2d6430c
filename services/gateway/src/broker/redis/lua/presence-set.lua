-- Sets what a member shows, owned by the store that sets it (SPEC E1, E4).
-- KEYS  1 members  2 expiries  3 index of channels
-- ARGV  1 owner  2 ttl ms  3 member  4 entry as JSON  5 topic  6 channel  7 most members
-- Gives 1, or 0 where the channel is full.
local time = redis.call('TIME')
local untilMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
if not redis.call('HGET', KEYS[1], ARGV[3]) and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then return 0 end
redis.call('HSET', KEYS[1], ARGV[3], ARGV[1] .. ' ' .. ARGV[4])
redis.call('ZADD', KEYS[2], untilMs, ARGV[3])
redis.call('ZADD', KEYS[3], 'NX', untilMs, ARGV[6])
-- For the day when no gateway is left that would sweep.
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 100)
redis.call('PEXPIRE', KEYS[2], ARGV[2] * 100)
redis.call('PUBLISH', ARGV[5], 'm {"set":[' .. ARGV[4] .. '],"left":[]}')
return 1
