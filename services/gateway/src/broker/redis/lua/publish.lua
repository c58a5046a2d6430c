-- One publish, atomically: what is known of it, chain of epochs, offset, entry, announcement (SPEC B1-B3, P3, P8-P10, C11).
-- KEYS  1 state  2 history  3 record of its key or number  4 state of its producer, absent without one
-- ARGV  1 replid  2 nonce  3 body  4 topic  5 history size  6 history age ms
--       7 ms for which key, number and producer are remembered, 0 without any of them
--       8 retention ms of the state  9 links that the chain may have
--       10 publications that may be hidden, absent or empty where this one is shown at once
--       11 epoch of its producer, absent without one  12 its number
--       13 the number that it follows, 0 for none; empty: the one before it, and any begins an epoch
-- Gives { 0 stored | 1 duplicate, offset, epoch }, and where it is hidden offset and epoch of the head as well: its own are
-- empty where a duplicate's are forgotten. Or a refusal: { 2 fenced }, { 3 gap, number after the last stored one },
-- { 4 too much is hidden }.
local replid, size, ageMs, rememberMs = ARGV[1], ARGV[5], ARGV[6], ARGV[7]
local isHidden, isNumbered = ARGV[10] and ARGV[10] ~= '', ARGV[11]
local state = redis.call('HMGET', KEYS[1], 'epoch', 'chain', 'age', 'shown')
local isKnown, record

-- What outlived its history, which was evicted, names what nobody can have; a chain that is full may have dropped the link.
local function isPast(history)
  local chain = state[2] or ''
  local _, commas = string.gsub(chain, ',', ',')
  return commas + 1 < tonumber(ARGV[9]) and not string.find(',' .. chain, ',' .. history .. ':', 1, true)
end

if isNumbered then
  local producer = redis.call('HMGET', KEYS[4], 'epoch', 'last', 'first', 'history')
  local epoch, ownEpoch, number = tonumber(producer[1] or '-1'), tonumber(ARGV[11]), tonumber(ARGV[12])
  isKnown = ownEpoch == epoch and not (producer[4] and isPast(producer[4]))
  local last, first, follows = 0, 0, tonumber(ARGV[13])
  if isKnown then last, first = tonumber(producer[2]), tonumber(producer[3]) end
  if not follows then follows = isKnown and number - 1 or 0 end
  if ownEpoch < epoch or number <= last or follows ~= last then
    -- The answer comes after a write: a primary that may not write refuses here, so that nobody hears what is true of a
    -- lost history only; and a WAIT that follows covers what is found, whoever wrote that.
    redis.call('PEXPIRE', KEYS[4], rememberMs)
    if ownEpoch < epoch then return { 2 } end
    -- Before the first number that is known, nobody can say whether it was ever stored.
    if number > last or number < first then return { 3, string.format('%.0f', last + 1) } end
    -- Offset and epoch; the record may be forgotten before the producer is.
    record = redis.call('GET', KEYS[3]) or ' '
  end
elseif rememberMs ~= '0' then
  record = redis.call('GET', KEYS[3])
  if record and isPast(string.sub(record, string.find(record, ' ', 1, true) + 1)) then record = nil end
end
if record then
  -- A write on this connection here, too.
  redis.call('PEXPIRE', KEYS[3], rememberMs)
  local space = string.find(record, ' ', 1, true)
  local head = isHidden and redis.call('HGET', KEYS[1], 'offset') or nil
  return { 1, string.sub(record, 1, space - 1), string.sub(record, space + 1), head, head and (state[1] or '') }
end

local epoch, chain, shown = state[1], state[2], state[4]
if isHidden and shown and redis.call('HGET', KEYS[1], 'offset') - shown >= tonumber(ARGV[10]) then return { 4 } end

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
  if size == '0' then redis.call('DEL', KEYS[2]) end
end

-- What is hidden is kept until it is shown, however little and briefly the history keeps. Where a channel hides no more,
-- all of it is shown from here on: members find a gap before this publication, and read what was hidden.
local stateMs = math.max(tonumber(ARGV[8]), 2 * tonumber(ageMs))
local kept, historyMs = size, ageMs
if isHidden then
  if not shown then
    shown = string.format('%.0f', offset - 1)
    redis.call('HSET', KEYS[1], 'shown', shown)
  end
  kept, historyMs = string.format('%.0f', math.max(tonumber(size), offset - shown)), stateMs
elseif shown then
  redis.call('HDEL', KEYS[1], 'shown')
end
redis.call('PEXPIRE', KEYS[1], stateMs)

if size ~= '0' then
  local time = redis.call('TIME')
  local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', kept, offset .. '-0', 't', string.format('%.0f', nowMs), 'b', ARGV[3])
  redis.call('PEXPIRE', KEYS[2], historyMs)
  -- Entries that are too old go in batches: each publish in 16 drops up to 64.
  if offset % 16 == 0 then
    local expired
    for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 64)) do
      if entry[2][2] + ageMs > nowMs then break end
      if isHidden and tonumber((string.gsub(entry[1], '-0$', ''))) > tonumber(shown) then break end
      expired = entry[1]
    end
    if expired then redis.call('XTRIM', KEYS[2], 'MINID', (string.gsub(expired, '-0$', '-1'))) end
  end
end

if rememberMs ~= '0' then redis.call('SET', KEYS[3], offset .. ' ' .. epoch, 'PX', rememberMs) end
if isNumbered then
  redis.call('HSET', KEYS[4], 'epoch', ARGV[11], 'last', ARGV[12], 'history', epoch)
  if not isKnown then redis.call('HSET', KEYS[4], 'first', ARGV[12]) end
  redis.call('PEXPIRE', KEYS[4], rememberMs)
end
if isHidden then return { 0, offset, epoch, offset, epoch } end
redis.call('PUBLISH', ARGV[4], 'p ' .. offset .. ' ' .. epoch .. ' ' .. ARGV[3])
return { 0, offset, epoch }
