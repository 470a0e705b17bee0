-- For wrk: asks for the addresses in a file in turn, and writes what was measured as one line of JSON at the end.
-- wrk … -s cycle.lua http://127.0.0.1:8000 -- FILE [NAME VALUE]…: a line of the file for each address, then headers.

local requests, at = {}, 0

function init(arguments)
   local headers = {}
   for place = 2, #arguments, 2 do
      headers[arguments[place]] = arguments[place + 1]
   end
   for address in io.lines(arguments[1]) do
      requests[#requests + 1] = wrk.format("GET", address, headers)
   end
end

function request()
   at = at % #requests + 1
   return requests[at]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, "refused": %d, "lost": %d, "late": %d}\n',
      summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
      errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
