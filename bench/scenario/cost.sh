#!/usr/bin/env bash
# Processor time per request, of the edge and of Redis: the figures of docs/how-to/plan-capacity.md. Needs redis-server, wrk and bc.
# Processor time, unlike throughput, hardly depends on what else runs on the machine, but a quiet one gives the better figure.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=${1:-10}
for tool in dotnet redis-server redis-cli wrk bc; do
  command -v "$tool" >/dev/null || { echo "cost.sh: $tool is needed" >&2; exit 1; }
done

work=$(mktemp -d)
pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
base=$((20000 + RANDOM % 20000))
redis=$base rating=$((base + 1)) edge=$((base + 2)) management=$((base + 3)) rating_management=$((base + 4))

for project in OpenClaw.Edge OpenClaw.RatingApi; do
  dotnet publish "$root/$project" -c Release -v q --nologo -o "$work/$project"
done
cat >"$work/rating.lua" <<'LUA'
wrk.method = "POST"
wrk.body = '{"score":4}'
wrk.headers["Content-Type"] = "application/json"
LUA

redis-server --port "$redis" --bind 127.0.0.1 --save '' >"$work/redis.log" &
pids+=($!)
(cd "$work/OpenClaw.RatingApi" && ASPNETCORE_URLS=http://127.0.0.1:$rating OpenClaw__Management__Port=$rating_management \
  exec dotnet OpenClaw.RatingApi.dll) >"$work/rating.log" 2>&1 &
pids+=($!)

edge_time() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000000 / hz }' "/proc/$1/stat"; }
redis_time() {
  redis-cli -p "$redis" info cpu | tr -d '\r' \
    | awk -F: '/^used_cpu_(user|sys):/ { sum += $2 } END { printf "%.0f\n", sum * 1000000 }'
}
load() { wrk -t1 -c32 -d"${1}s" -s "$work/rating.lua" "http://127.0.0.1:$edge/rating"; }

# measure NAME SETTING…: one edge with these settings, warmed up, then measured.
measure() {
  local name=$1 pid edge_before redis_before requests edge_cost redis_cost resident
  shift
  (cd "$work/OpenClaw.Edge" && exec env "$@" ConnectionStrings__redis="127.0.0.1:$redis" \
    services__rating-api__http__0="http://127.0.0.1:$rating" ASPNETCORE_URLS="http://127.0.0.1:$edge" \
    OpenClaw__Management__Port="$management" dotnet OpenClaw.Edge.dll) >"$work/edge.log" 2>&1 &
  pid=$!
  pids+=("$pid")
  for _ in $(seq 300); do curl -sf "http://127.0.0.1:$management/health" >/dev/null && break; sleep 0.1; done
  load 5 >/dev/null
  edge_before=$(edge_time "$pid") redis_before=$(redis_time)
  requests=$(load "$seconds" | awk '/requests in/ { print $1 }')
  edge_cost=$(echo "scale=1; ($(edge_time "$pid") - $edge_before) / $requests" | bc)
  redis_cost=$(echo "scale=2; ($(redis_time) - $redis_before) / $requests" | bc)
  resident=$(($(awk '/VmRSS/ { print $2 }' "/proc/$pid/status") / 1024))
  echo "$name: $requests requests, edge $edge_cost µs, Redis $redis_cost µs, edge resident $resident MiB"
  kill "$pid"
  wait "$pid" || true
}

rating_bucket=OpenClaw__Edge__Policies__rating__Buckets__burst address_bucket=OpenClaw__Edge__Policies__address__Buckets__address
measure allowed "${rating_bucket}__Capacity=100000000" "${rating_bucket}__RefillTokens=100000000" \
  "${address_bucket}__Capacity=100000000" "${address_bucket}__RefillTokens=100000000"
measure denied "${address_bucket}__Capacity=100000000" "${address_bucket}__RefillTokens=100000000"
