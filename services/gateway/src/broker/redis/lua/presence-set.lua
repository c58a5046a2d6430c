-- Sets what a member shows, owned by the store that sets it (SPEC E1, E4).
-- KEYS  1 members  2 expiries  3 index of channels
-- ARGV  1 owner  2 ttl ms  3 member  4 entry as JSON  5 topic  6 channel  7 most members
--       8 which connect of its session shows it: an earlier one takes nothing from a later one
--       9 which of the store's own changes it is: what comes late over a connection that was given up changes nothing
-- Gives 1, 0 where the channel is full, or 2 where another store shows a later connect.
local current = redis.call('HGET', KEYS[1], ARGV[3])
if current then
  local owner, attempt, order = string.match(current, '^(%x+):?(%d*):?(%d*) ')
  if owner ~= ARGV[1] and (tonumber(attempt) or 0) > tonumber(ARGV[8]) then return 2 end
  if owner == ARGV[1] and (tonumber(order) or 0) > tonumber(ARGV[9]) then return 1 end
elseif redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[7]) then
  return 0
end
local time = redis.call('TIME')
local untilMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
redis.call('HSET', KEYS[1], ARGV[3], ARGV[1] .. ':' .. ARGV[8] .. ':' .. ARGV[9] .. ' ' .. ARGV[4])
redis.call('ZADD', KEYS[2], untilMs, ARGV[3])
redis.call('ZADD', KEYS[3], 'NX', untilMs, ARGV[6])
-- For the day when no gateway is left that would sweep.
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 100)
redis.call('PEXPIRE', KEYS[2], ARGV[2] * 100)
redis.call('PUBLISH', ARGV[5], 'm {"set":[' .. ARGV[4] .. '],"left":[]}')
return 1
