-- Shows what a replica holds: announces what follows the last entry that was shown, in order, up to a position (SPEC C11).
-- KEYS  1 state  2 history
-- ARGV  1 offset, 0 to show nothing  2 its epoch  3 topic  4 most entries  5 most bytes, one entry is always shown
--       6 retention ms of the state
-- Gives { offset up to which everything is shown, offset of the head, its epoch }, or nothing where the log has no such position.
local state = redis.call('HMGET', KEYS[1], 'offset', 'shown', 'chain', 'age')
local head = tonumber(state[1] or '0')
local shown = tonumber(state[2] or state[1] or '0')

local function text(number) return string.format('%.0f', number) end

-- Where each link of the chain begins, and its epoch, oldest first.
local function linksOf(chain)
  local links, from = {}, 1
  while from <= #chain do
    local colon = string.find(chain, ':', from, true)
    local comma = string.find(chain, ',', colon, true) or #chain + 1
    local start = tonumber(string.sub(chain, colon + 1, comma - 1))
    links[#links + 1] = { start = start, epoch = string.sub(chain, from, colon - 1) }
    from = comma + 1
  end
  return links
end

local links = linksOf(state[3] or '')

local function epochAt(offset)
  local epoch = ''
  for _, link in ipairs(links) do
    if link.start <= offset then epoch = link.epoch end
  end
  return epoch
end

-- The announcements up to an offset, or as many as one call may make; `shown` moves on with them. What has left the
-- history meanwhile is passed over.
local function announcementsUpTo(upTo)
  local announcements, link = {}, 0
  local limit, bytesLeft = tonumber(ARGV[4]), tonumber(ARGV[5])
  while shown < upTo and limit > 0 do
    local from, to = text(shown + 1) .. '-0', text(upTo) .. '-0'
    local chunk = redis.call('XRANGE', KEYS[2], from, to, 'COUNT', math.min(limit, 32))
    if #chunk == 0 then shown = upTo end
    for _, entry in ipairs(chunk) do
      local offset, body = tonumber((string.gsub(entry[1], '-0$', ''))), entry[2][4]
      bytesLeft = bytesLeft - #body
      if bytesLeft < 0 and #announcements > 0 then return announcements end
      while links[link + 1] and links[link + 1].start <= offset do link = link + 1 end
      -- An entry older than the chain has no epoch any more, and no reader is given it.
      if link > 0 then
        announcements[#announcements + 1] = 'p ' .. text(offset) .. ' ' .. links[link].epoch .. ' ' .. body
      end
      shown = offset
      limit = limit - 1
    end
  end
  return announcements
end

-- The first write, where a primary that may not write refuses. Where nothing is to be shown it is all there is: a WAIT
-- that follows on this connection covers everything that was stored before it.
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[6]), 2 * tonumber(state[4] or '0')))
-- Where the channel was emptied since, its offsets are given anew: what stands there now no replica may hold yet.
local upTo = tonumber(ARGV[1])
if upTo > head or (upTo > 0 and epochAt(upTo) ~= ARGV[2]) then return {} end
if shown < upTo then
  local announcements = announcementsUpTo(upTo)
  redis.call('HSET', KEYS[1], 'shown', text(shown))
  -- Until here the history was kept for longer than its age.
  if shown == head then redis.call('PEXPIRE', KEYS[2], state[4]) end
  for _, announcement in ipairs(announcements) do redis.call('PUBLISH', ARGV[3], announcement) end
end
return { text(shown), text(head), epochAt(head) }
