-- The generation of the database, and how far channels have come (SPEC B9).
-- KEYS  1 generation
-- ARGV  1 the generation to write where there is none, unlike any that was ever written  2... keys of channels' states
-- Gives { generation, offset, epoch, offset, epoch, ... }; what is not there is ''. A channel has come as far as it is
-- shown; its epoch is not told while something is hidden, for it may be that of a hidden entry.
local generation = redis.call('GET', KEYS[1])
if not generation then
  -- Where Redis takes no writes just now there is none; a later look writes it.
  local written = redis.pcall('SET', KEYS[1], ARGV[1])
  generation = written.ok and ARGV[1] or ''
end
local answer = { generation }
for n = 2, #ARGV do
  local state = redis.call('HMGET', ARGV[n], 'offset', 'epoch', 'shown')
  local isHiding = state[3] and state[3] ~= state[1]
  answer[#answer + 1] = state[3] or state[1] or ''
  answer[#answer + 1] = not isHiding and state[2] or ''
end
return answer
