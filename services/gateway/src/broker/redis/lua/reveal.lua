-- Shows what a replica holds: announces what follows the last entry that was shown, in order, up to an offset (SPEC C11).
-- KEYS  1 state  2 history
-- ARGV  1 offset, 0 to show nothing  2 topic  3 most entries  4 most bytes, one entry is always shown  5 retention ms of the state
-- Gives { offset up to which everything is shown, offset of the head }.
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

-- The announcements up to an offset, or as many as one call may make; `shown` moves on with them. What has left the
-- history meanwhile is passed over.
local function announcementsUpTo(upTo)
  local announcements, links, link = {}, linksOf(state[3] or ''), 0
  local limit, bytesLeft = tonumber(ARGV[3]), tonumber(ARGV[4])
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
redis.call('PEXPIRE', KEYS[1], math.max(tonumber(ARGV[5]), 2 * tonumber(state[4] or '0')))
local upTo = math.min(tonumber(ARGV[1]), head)
if shown < upTo then
  local announcements = announcementsUpTo(upTo)
  redis.call('HSET', KEYS[1], 'shown', text(shown))
  -- Until here the history was kept for longer than its age.
  if shown == head then redis.call('PEXPIRE', KEYS[2], state[4]) end
  for _, announcement in ipairs(announcements) do redis.call('PUBLISH', ARGV[2], announcement) end
end
return { text(shown), text(head) }
