-- A claim is over: what it was granted leaves the windows, and its messages enter them.
-- KEYS: a window for each sender that was granted something.
-- ARGV: the token, the hold (ms), the room of each sender, then for each message the number of its
-- window, its id and its segments.
local t = redis.call('TIME')
local until_ = t[1] * 1000 + math.floor(t[2] / 1000) + tonumber(ARGV[2])
for n = 1, #KEYS do
  redis.call('ZREM', KEYS[n], ARGV[1] .. ':' .. ARGV[n + 2])
end
for n = #KEYS + 3, #ARGV, 3 do
  local key = KEYS[tonumber(ARGV[n])]
  redis.call('ZADD', key, until_, ARGV[n + 1] .. ':' .. ARGV[n + 2])
  local last = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
  redis.call('PEXPIREAT', key, last[2] + 1000)
end
