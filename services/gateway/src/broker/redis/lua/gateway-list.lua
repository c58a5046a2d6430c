-- Gives what the gateways that are not expired said last, as JSON texts, each with the milliseconds until it expires.
-- KEYS  1 gateways  2 expiries
-- ARGV  1 most gateways
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
local all = redis.call('ZRANGE', KEYS[2], 0, ARGV[1] - 1, 'WITHSCORES')
local ids, left = {}, {}
for index = 1, #all, 2 do
  local leftMs = tonumber(all[index + 1]) - nowMs
  if leftMs > 0 then
    ids[#ids + 1] = all[index]
    left[#left + 1] = leftMs
  end
end
if #ids == 0 then return {} end
local listed = {}
for index, text in ipairs(redis.call('HMGET', KEYS[1], unpack(ids))) do
  listed[2 * index - 1] = text
  listed[2 * index] = left[index]
end
return listed
