-- One publish, atomically: idempotency, chain of epochs, offset, entry, announcement (SPEC B1-B3, P3).
-- KEYS  1 state  2 history  3 idempotency record
-- ARGV  1 replid  2 nonce  3 body  4 topic  5 history size  6 history age ms  7 idempotency ms, 0 without a key
--       8 retention ms of the state  9 links that the chain may have
-- Gives { duplicate 0|1, offset, epoch }.
local replid, ageMs, keyMs = ARGV[1], ARGV[6], ARGV[7]

if keyMs ~= '0' then
  local known = redis.call('GET', KEYS[3])
  if known then
    -- A write on this connection: a WAIT that follows then covers the first one's entry, whoever wrote that.
    redis.call('PEXPIRE', KEYS[3], keyMs)
    local space = string.find(known, ' ', 1, true)
    return { 1, string.sub(known, 1, space - 1), string.sub(known, space + 1) }
  end
end

local state = redis.call('HMGET', KEYS[1], 'epoch', 'chain', 'age')
local epoch, chain = state[1], state[2]

-- The first write: where Redis has no room or too few replicas it refuses here, and nothing has changed. (A DEL before
-- it would be let through, and everything after it.)
local offset = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'offset', 1))
if not epoch then redis.call('DEL', KEYS[2]) end

-- The epoch is that of the primary that writes. The nonce tells apart two beginnings under one primary (a flushed or
-- forgotten channel), and the channels themselves.
if not epoch or string.sub(epoch, 1, #replid) ~= replid then
  epoch = replid .. '-' .. ARGV[2]
  chain = (chain and chain .. ',' or '') .. epoch .. ':' .. offset
  local _, commas = string.gsub(chain, ',', ',')
  while commas >= tonumber(ARGV[9]) do
    chain = string.sub(chain, string.find(chain, ',', 1, true) + 1)
    commas = commas - 1
  end
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'chain', chain)
end
if state[3] ~= ageMs then
  redis.call('HSET', KEYS[1], 'age', ageMs)
  -- What was kept before would be followed by a hole.
  if ARGV[5] == '0' then redis.call('DEL', KEYS[2]) end
end
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[8]), 2 * tonumber(ageMs)))

if ARGV[5] ~= '0' then
  local time = redis.call('TIME')
  local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], offset .. '-0', 't', string.format('%.0f', nowMs), 'b', ARGV[3])
  redis.call('PEXPIRE', KEYS[2], ageMs)
  -- Entries that are too old go in batches: each publish in 16 drops up to 64.
  if offset % 16 == 0 then
    local expired
    for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 64)) do
      if entry[2][2] + ageMs > nowMs then break end
      expired = entry[1]
    end
    if expired then redis.call('XTRIM', KEYS[2], 'MINID', (string.gsub(expired, '-0$', '-1'))) end
  end
end

if keyMs ~= '0' then redis.call('SET', KEYS[3], offset .. ' ' .. epoch, 'PX', keyMs) end
redis.call('PUBLISH', ARGV[4], 'p ' .. offset .. ' ' .. epoch .. ' ' .. ARGV[3])
return { 0, offset, epoch }
