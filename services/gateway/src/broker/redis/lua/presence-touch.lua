-- Keeps a store's members of one channel for another time to live (SPEC E4).
-- KEYS  1 members  2 expiries  3 index of channels
-- ARGV  1 owner  2 ttl ms  3 channel  4... members
-- Gives { members that are not there, members that another store owns by now }.
local time = redis.call('TIME')
local untilMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
local missing, lost, kept = {}, {}, false
for n = 4, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[n])
  if not value then
    missing[#missing + 1] = ARGV[n]
  elseif string.sub(value, 1, #ARGV[1] + 1) ~= ARGV[1] .. ' ' then
    lost[#lost + 1] = ARGV[n]
  else
    redis.call('ZADD', KEYS[2], untilMs, ARGV[n])
    kept = true
  end
end
if kept then
  redis.call('ZADD', KEYS[3], 'NX', untilMs, ARGV[3])
  redis.call('PEXPIRE', KEYS[1], ARGV[2] * 100)
  redis.call('PEXPIRE', KEYS[2], ARGV[2] * 100)
end
return { missing, lost }
