-- Senders' windows, shared by all processes: a sorted set for each sender, whose members are
-- "id:segments" and whose scores are the moments (ms) until which they count.
-- KEYS: the epoch, the processes, then a window for each sender.
-- ARGV: this process, the hold (ms), the token, 1 where this process has sent without us, the
-- silence (ms) after which a process is forgotten, then a pace for each sender.
-- Answers: how many processes there are, this one's rank, whether all must wait, and by sender
-- its room and whether its window is empty.
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local hold = tonumber(ARGV[2])

-- Whoever can't be sure of what was sent waits until all of it is over: after a restart (perhaps
-- with an old copy of the windows), after the memory was emptied, after a time without us.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
local epoch = redis.call('HMGET', KEYS[1], 'run', 'since')
local since = tonumber(epoch[2])
if epoch[1] ~= run or not since or since > now or ARGV[4] == '1' then
  since = now
  redis.call('HSET', KEYS[1], 'run', run, 'since', since)
end
local waits = now - since < hold

redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[5]))
local rank = 0
local processes = redis.call('ZRANGE', KEYS[2], 0, -1)
for _, name in ipairs(processes) do
  if name < ARGV[1] then rank = rank + 1 end
end

local answer = {#processes, rank, waits and 1 or 0}
for n = 3, #KEYS do
  local pace = tonumber(ARGV[n + 3])
  redis.call('ZREMRANGEBYSCORE', KEYS[n], '-inf', now)
  local used, entries = 0, redis.call('ZRANGE', KEYS[n], 0, -1)
  for _, entry in ipairs(entries) do
    used = used + tonumber(string.match(entry, ':(%d+)$'))
  end
  local alone = #entries == 0
  local room = math.max(math.floor(pace - used), alone and 1 or 0)
  if waits then room = 0 end
  if room > 0 then
    redis.call('ZADD', KEYS[n], now + hold, ARGV[3] .. ':' .. room)
    local last = redis.call('ZRANGE', KEYS[n], -1, -1, 'WITHSCORES')
    redis.call('PEXPIREAT', KEYS[n], last[2] + 1000)
  end
  answer[#answer + 1] = room
  answer[#answer + 1] = alone and 1 or 0
end
return answer
