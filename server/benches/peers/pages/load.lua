-- What wrk asks for: the same address again and again, each time as the next member of the list, and one line of JSON at the end.
local requests, at = {}, 0

function init()
  local encoding = os.getenv("ENCODING")
  for cookie in io.lines(os.getenv("COOKIES")) do
    local headers = { ["Cookie"] = "spectrum=" .. cookie, ["Accept"] = "text/html" }
    if encoding ~= "identity" then headers["Accept-Encoding"] = encoding end
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

-- No `response`: to hand every answer to a script would cost more than to read it.
function request()
  at = at % #requests + 1
  return requests[at]
end

-- The times as they were, least first, and how often each. wrk adds to every time that is more than twice the mean those of
-- requests it would have sent meanwhile to a server that was quicker. Here so many members ask as there are, each waiting for
-- their answer, and nobody else would have: what was added is taken away again, beginning with the longest, as it was added.
local function times(latency, summary, connections)
  local values, counts = {}, {}
  for i = 1, #latency do
    local value, count = latency(i)
    values[i], counts[value] = value, count
  end
  local each = math.floor(summary.requests / connections)
  if each > 0 then
    local mean = math.floor(summary.duration / each)
    for i = #values, 1, -1 do
      local added = values[i] - mean
      while values[i] >= 2 * mean and counts[values[i]] > 0 and added > mean do
        counts[added] = counts[added] - counts[values[i]]
        added = added - mean
      end
    end
  end
  return values, counts
end

function done(summary, latency)
  local values, counts = times(latency, summary, tonumber(os.getenv("MEMBERS")))
  local total = 0
  for _, count in pairs(counts) do
    assert(count >= 0, "more was taken away than had been added")
    total = total + count
  end
  local function quantile(share)
    local below = 0
    for _, value in ipairs(values) do
      below = below + counts[value]
      if below >= total * share then return value / 1e3 end
    end
    return 0
  end
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds":%.6f,"answers":%d,"times":%d,"bytes":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}\n',
    summary.duration / 1e6, summary.requests, total, summary.bytes, quantile(0.5), quantile(0.99), latency.max / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
