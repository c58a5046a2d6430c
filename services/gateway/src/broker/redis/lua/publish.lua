-- One publish, atomically: what is known of it, chain of epochs, offset, entry, announcement (SPEC B1-B3, P3, P8-P10, C11).
-- KEYS  1 state  2 history  3 record of its key or number  4 state of its producer
-- ARGV  1 replid  2 nonce  3 body  4 topic  5 history size  6 history age ms
--       7 ms for which key, number and producer are remembered, 0 without any of them
--       8 retention ms of the state  9 links that the chain may have
--       10 epoch of its producer, empty without one  11 its number
--       12 publications that may be hidden, empty where this one is shown at once
-- Gives { 'stored' | 'duplicate', offset, epoch, head }: offset and epoch are empty where a duplicate's are forgotten,
-- the head where nothing is hidden. Or { 'fenced' }, { 'sequence_gap', number that is expected }, { 'hidden_full' }.
local replid, size, ageMs, rememberMs = ARGV[1], ARGV[5], ARGV[6], ARGV[7]
local isNumbered, isHidden = ARGV[10] ~= '', ARGV[12] ~= ''
local goesOn = false

local function text(number) return string.format('%.0f', number) end

-- What was stored under this key or number. Its record or its producer is written here or by the caller, on this
-- connection: a WAIT that follows then covers the first one's entry, whoever wrote that.
local function duplicateOf(record)
  local offset, epoch = '', ''
  if record then
    redis.call('PEXPIRE', KEYS[3], rememberMs)
    local space = string.find(record, ' ', 1, true)
    offset, epoch = string.sub(record, 1, space - 1), string.sub(record, space + 1)
  end
  return { 'duplicate', offset, epoch, isHidden and redis.call('HGET', KEYS[1], 'offset') or '' }
end

-- Why a numbered publish is not stored; nothing where it is the next one. Every answer comes after a write: a primary
-- that may not write refuses there, so nobody hears what is true of a lost history only.
local function verdictOnNumber()
  local known = redis.call('HMGET', KEYS[4], 'epoch', 'last', 'first')
  if not known[1] then return nil end
  local epoch, last, first = tonumber(known[1]), tonumber(known[2]), tonumber(known[3])
  local ownEpoch, number = tonumber(ARGV[10]), tonumber(ARGV[11])
  goesOn = ownEpoch == epoch
  if ownEpoch > epoch or (goesOn and number == last + 1) then return nil end
  redis.call('PEXPIRE', KEYS[4], rememberMs)
  if ownEpoch < epoch then return { 'fenced' } end
  -- Before the first number that is known, nobody can say whether it was ever stored.
  if number > last or number < first then return { 'sequence_gap', text(last + 1) } end
  return duplicateOf(redis.call('GET', KEYS[3]))
end

if isNumbered then
  local verdict = verdictOnNumber()
  if verdict then return verdict end
elseif rememberMs ~= '0' then
  local record = redis.call('GET', KEYS[3])
  if record then return duplicateOf(record) end
end

local state = redis.call('HMGET', KEYS[1], 'epoch', 'chain', 'age', 'shown')
local epoch, chain, shown = state[1], state[2], state[4]
if isHidden and shown and redis.call('HGET', KEYS[1], 'offset') - shown >= tonumber(ARGV[12]) then
  return { 'hidden_full' }
end

-- The first write: where Redis has no room or too few replicas it refuses here, and nothing has changed. (A DEL before
-- it would be let through, and everything after it.)
local offset = text(redis.call('HINCRBY', KEYS[1], 'offset', 1))
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

-- What is hidden is kept until it is shown, however little the history keeps. Where a channel hides no more, everything
-- is shown from here on: members find a gap before this publication, and read what was hidden from the history.
local kept = size
if isHidden then
  if not shown then
    shown = text(offset - 1)
    redis.call('HSET', KEYS[1], 'shown', shown)
  end
  kept = text(math.max(tonumber(size), offset - shown))
elseif shown then
  redis.call('HDEL', KEYS[1], 'shown')
end
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[8]), 2 * tonumber(ageMs)))

if size ~= '0' then
  local time = redis.call('TIME')
  local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', kept, offset .. '-0', 't', text(nowMs), 'b', ARGV[3])
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

if rememberMs ~= '0' then redis.call('SET', KEYS[3], offset .. ' ' .. epoch, 'PX', rememberMs) end
if isNumbered then
  redis.call('HSET', KEYS[4], 'epoch', ARGV[10], 'last', ARGV[11])
  if not goesOn then redis.call('HSET', KEYS[4], 'first', ARGV[11]) end
  redis.call('PEXPIRE', KEYS[4], rememberMs)
end
if isHidden then return { 'stored', offset, epoch, offset } end
redis.call('PUBLISH', ARGV[4], 'p ' .. offset .. ' ' .. epoch .. ' ' .. ARGV[3])
return { 'stored', offset, epoch, '' }
