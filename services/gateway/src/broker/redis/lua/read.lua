-- A consistent look at a channel's log; writes nothing.
-- KEYS  1 state  2 history
-- ARGV  1 first offset wanted, empty for the newest  2 most entries  3 most bytes, one entry is always given
-- Gives { offset of the head, chain, first offset that is kept, { offset, body, offset, body, ... }, last offset that is shown }.
local state = redis.call('HMGET', KEYS[1], 'offset', 'chain', 'age', 'shown')
local head, age = tonumber(state[1] or '0'), tonumber(state[3] or '0')
local shown = tonumber(state[4] or head)
local limit, bytesLeft = tonumber(ARGV[2]), tonumber(ARGV[3])

local function id(offset) return string.format('%.0f-0', offset) end
local function offsetOf(entry) return tonumber((string.gsub(entry[1], '-0$', ''))) end

-- Offsets of the stream have no holes and ages only fall, so the first entry that is young enough is found by halving.
local function firstKept()
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  if not first then return head + 1 end
  local time = redis.call('TIME')
  local oldestMs = time[1] * 1000 + math.floor(time[2] / 1000) - age
  local low, high = offsetOf(first), head + 1
  if tonumber(first[2][2]) > oldestMs then return low end
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('XRANGE', KEYS[2], id(middle), id(middle))[1]
    if entry and tonumber(entry[2][2]) > oldestMs then high = middle else low = middle + 1 end
  end
  return low
end

local kept = firstKept()
local entries = {}
local newest = ARGV[1] == ''
local from = newest and shown or math.max(tonumber(ARGV[1]), kept)
-- What is read and does not fit was read for nothing: a few at first, then as many as fit by what those were.
local count, bytes = 4, 0
while limit > 0 and from >= kept and from <= shown do
  local chunk
  count = math.min(limit, count)
  if newest then chunk = redis.call('XREVRANGE', KEYS[2], id(from), id(kept), 'COUNT', count)
  else chunk = redis.call('XRANGE', KEYS[2], id(from), id(shown), 'COUNT', count) end
  if #chunk == 0 then break end
  for _, entry in ipairs(chunk) do
    local body = entry[2][4]
    bytesLeft, bytes = bytesLeft - #body, bytes + #body
    if bytesLeft < 0 and #entries > 0 then limit = 0 break end
    entries[#entries + 1] = string.format('%.0f', offsetOf(entry))
    entries[#entries + 1] = body
    limit = limit - 1
    from = newest and offsetOf(entry) - 1 or offsetOf(entry) + 1
  end
  count = math.max(1, math.min(32, math.floor(bytesLeft * #entries / 2 / math.max(1, bytes)) + 1))
end

return { string.format('%.0f', head), state[2] or '', string.format('%.0f', kept), entries, string.format('%.0f', shown) }
