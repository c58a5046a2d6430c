-- Removes a member that the store still owns, and has not shown anew since; does nothing otherwise (SPEC E4).
-- KEYS  1 members  2 expiries
-- ARGV  1 owner  2 member  3 topic  4 which of the store's own changes it is
local value = redis.call('HGET', KEYS[1], ARGV[2])
local owner, order = string.match(value or '', '^(%x+):?%d*:?(%d*) ')
if owner ~= ARGV[1] or (tonumber(order) or 0) > tonumber(ARGV[4]) then return 0 end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], 'm {"set":[],"left":' .. cjson.encode({ ARGV[2] }) .. '}')
return 1
