-- Removes a member that the store still owns; does nothing otherwise (SPEC E4).
-- KEYS  1 members  2 expiries
-- ARGV  1 owner  2 member  3 topic
local value = redis.call('HGET', KEYS[1], ARGV[2])
if not value or string.sub(value, 1, #ARGV[1] + 1) ~= ARGV[1] .. ':' then return 0 end
redis.call('HDEL', KEYS[1], ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[2])
redis.call('PUBLISH', ARGV[3], 'm {"set":[],"left":' .. cjson.encode({ ARGV[2] }) .. '}')
return 1
