package redisstore

import "github.com/redis/go-redis/v9"

// Within a script other scripts see nothing, and what it wrote is in the append-only file as one MULTI. Revisions and
// times are compared as they come or as doubles, which count to 2^53.

// commit writes one turn.
//
// KEYS: session, records, reminders, queue.
// ARGV: user, revision that must be there ("0": none), next revision, now, expiry, grace, key, state, then four
// counted lists: names to forget; records (name, data); names to cancel; reminders (name, at as 15 digits, data).
//
// The answer is 1, or 0 for a conflict. A turn sent again because its answer was lost finds its own state, which is
// sealed with a random nonce and thus its own, and is answered 1.
var commit = redis.NewScript(`
local session, records, reminders, queue = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local user, now = ARGV[1], tonumber(ARGV[4])
local kept = redis.call('HMGET', session, 'v', 'e')
local rev = kept[1] or '0'
local expired = rev ~= '0' and tonumber(kept[2]) <= now
if expired and ARGV[2] == '0' then
  for _, name in ipairs(redis.call('HKEYS', reminders)) do redis.call('ZREM', queue, user .. '/' .. name) end
  redis.call('UNLINK', session, records, reminders)
elseif expired or rev ~= ARGV[2] then
  if rev == ARGV[3] and redis.call('HGET', session, 'b') == ARGV[8] then return 1 end
  return 0
end
local at = 9
local function list()
  local n = tonumber(ARGV[at])
  at = at + 1
  return n
end
for _ = 1, list() do
  redis.call('HDEL', records, ARGV[at])
  at = at + 1
end
for _ = 1, list() do
  redis.call('HSET', records, ARGV[at], ARGV[at + 1])
  at = at + 2
end
for _ = 1, list() do
  redis.call('HDEL', reminders, ARGV[at])
  redis.call('ZREM', queue, user .. '/' .. ARGV[at])
  at = at + 1
end
for _ = 1, list() do
  redis.call('HSET', reminders, ARGV[at], ARGV[at + 1] .. string.rep('-', 32) .. ARGV[at + 2])
  redis.call('ZADD', queue, ARGV[at + 1], user .. '/' .. ARGV[at])
  at = at + 3
end
local expires = tonumber(ARGV[5])
local waiting = redis.call('HVALS', reminders)
for _, data in ipairs(waiting) do
  expires = math.max(expires, tonumber(string.sub(data, 1, 15)) + tonumber(ARGV[6]))
end
redis.call('HSET', session, 'v', ARGV[3], 'e', string.format('%.0f', expires), 'k', ARGV[7], 'b', ARGV[8])
local left = string.format('%.0f', expires - now)
redis.call('PEXPIRE', session, left)
redis.call('PEXPIRE', records, left)
if #waiting > 0 then redis.call('PEXPIRE', reminders, left) end
return 1
`)

// claim leases reminders of one shard.
//
// KEYS: queue. ARGV: what stands in front of a user's name in the key of the session, and of the reminders; now, until,
// max, lease. The answer is flat: user, key, name, at, data.
//
// The users' keys are made here rather than given: they lie on the slot of the queue.
var claim = redis.NewScript(`
local claimed = {}
local now = tonumber(ARGV[3])
while #claimed < 5 * tonumber(ARGV[5]) do
  local found = redis.call('ZRANGE', KEYS[1], '-inf', ARGV[3], 'BYSCORE', 'LIMIT', 0, ARGV[5] - #claimed / 5)
  if #found == 0 then break end
  for _, member in ipairs(found) do
    local cut = string.find(member, '/', 1, true)
    local user, name = string.sub(member, 1, cut - 1), string.sub(member, cut + 1)
    local session, reminders = ARGV[1] .. user, ARGV[2] .. user
    local row = redis.call('HMGET', session, 'e', 'k')
    local data = redis.call('HGET', reminders, name)
    if data and row[1] and tonumber(row[1]) > now then
      local at, sealed = string.sub(data, 1, 15), string.sub(data, 48)
      redis.call('HSET', reminders, name, at .. ARGV[6] .. sealed)
      redis.call('ZADD', KEYS[1], ARGV[4], member)
      for _, v in ipairs({user, row[2], name, at, sealed}) do claimed[#claimed + 1] = v end
    else
      redis.call('ZREM', KEYS[1], member)
      redis.call('HDEL', reminders, name)
    end
  end
end
return claimed
`)

// done removes a reminder that is leased so. KEYS: reminders, queue. ARGV: user, name, lease.
var done = redis.NewScript(`
local data = redis.call('HGET', KEYS[1], ARGV[2])
if data and string.sub(data, 16, 47) == ARGV[3] then
  redis.call('HDEL', KEYS[1], ARGV[2])
  redis.call('ZREM', KEYS[2], ARGV[1] .. '/' .. ARGV[2])
end
return 1
`)

// remove removes everything of a user. KEYS: session, records, reminders, queue. ARGV: user.
//
// DEL, not UNLINK: when it returns nothing is left.
var remove = redis.NewScript(`
for _, name in ipairs(redis.call('HKEYS', KEYS[3])) do redis.call('ZREM', KEYS[4], ARGV[1] .. '/' .. name) end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
return 1
`)

// sweep removes from a shard's queue what expired users left there, and users that have expired by the given time but
// not by the server's clock. KEYS: queue. ARGV: what stands in front of a user's name in the keys of session, records
// and reminders; now.
var sweep = redis.NewScript(`
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], '-inf', ARGV[4], 'BYSCORE')) do
  local user = string.sub(member, 1, string.find(member, '/', 1, true) - 1)
  local expires = redis.call('HGET', ARGV[1] .. user, 'e')
  if not expires or tonumber(expires) <= tonumber(ARGV[4]) then
    redis.call('ZREM', KEYS[1], member)
    redis.call('DEL', ARGV[1] .. user, ARGV[2] .. user, ARGV[3] .. user)
  end
end
return 1
`)
