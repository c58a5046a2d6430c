-- Tries every command that the gateway uses, and changes nothing: none of them gets as far as a write (SPEC B10).
-- KEYS  1 a key that holds nothing
-- ARGV  1 a topic that nobody is subscribed to
-- Gives the commands that Redis refused, each with its words: { command, words, command, words, ... }.
local key, topic = KEYS[1], ARGV[1]
local attempts = {
  { 'GET', key }, { 'SET', key, '', 'XX' }, { 'DEL', key }, { 'PEXPIRE', key, 1 },
  { 'HGET', key, 'f' }, { 'HMGET', key, 'f' }, { 'HSET', key, 'f', 'v', 'no value' }, { 'HINCRBY', key, 'f', 'no number' },
  { 'HDEL', key, 'f' }, { 'HLEN', key }, { 'HVALS', key },
  { 'XADD', key, 'NOMKSTREAM', '1-0', 'f', 'v' }, { 'XTRIM', key, 'MAXLEN', 1 },
  { 'XRANGE', key, '-', '+' }, { 'XREVRANGE', key, '+', '-' },
  { 'ZADD', key, 'XX', 1, 'm' }, { 'ZREM', key, 'm' }, { 'ZRANGE', key, 0, 0 }, { 'ZRANGEBYSCORE', key, 0, 0 },
  { 'TIME' }, { 'PUBLISH', topic, '' },
}
local refused = {}
for _, attempt in ipairs(attempts) do
  local answer = redis.pcall(unpack(attempt))
  if type(answer) == 'table' and answer.err then
    refused[#refused + 1] = string.lower(attempt[1])
    refused[#refused + 1] = answer.err
  end
end
return refused
