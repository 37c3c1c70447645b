-- What wrk asks for: the same address again and again, each time as the next member of the list, and one line of JSON at the end.
local requests, at = {}, 0

function init(args)
  for cookie in io.lines(args[1]) do
    local headers = { ["Cookie"] = "spectrum=" .. cookie, ["Accept"] = "text/html" }
    if args[2] ~= "identity" then headers["Accept-Encoding"] = args[2] end
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

-- No `response`: to hand every answer to a script would cost more than to read it.
function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds":%.6f,"answers":%d,"bytes":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}\n',
    summary.duration / 1e6, summary.requests, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
