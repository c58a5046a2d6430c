-- Keeps a store's members of one channel for another time to live (SPEC E4).
-- KEYS  1 members  2 expiries  3 index of channels
-- ARGV  1 owner  2 ttl ms  3 channel
--       4... members, each with the connect of its session that shows it, and with which of the store's own changes it is
-- Gives { members to set anew: not there, shown by an earlier connect, or by an earlier change, as one may have been lost
-- with its connection; members that another store owns by now }.
local time = redis.call('TIME')
local untilMs = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2])
local missing, lost, kept = {}, {}, false
for n = 4, #ARGV, 3 do
  local value = redis.call('HGET', KEYS[1], ARGV[n])
  local owner, attempt, order = string.match(value or '', '^(%x+):?(%d*):?(%d*) ')
  if not value or (owner ~= ARGV[1] and (tonumber(attempt) or 0) < tonumber(ARGV[n + 1])) then
    missing[#missing + 1] = ARGV[n]
  elseif owner ~= ARGV[1] then
    lost[#lost + 1] = ARGV[n]
  elseif (tonumber(order) or 0) < tonumber(ARGV[n + 2]) then
    missing[#missing + 1] = ARGV[n]
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
