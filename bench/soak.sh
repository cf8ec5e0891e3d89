#!/usr/bin/env bash
# A long run at a moderate rate with everything on: QoS 1 with a subscriber that takes all, QoS 0, connections that come and
# go, pipeline, DuckDB, a journal that fills its budget and is trimmed. Every 10 s a sample goes to a CSV; at the end the
# first and the last quarter are compared.    Exit code 1: something grew, or a message was lost.
#   bench/soak.sh [minutes]        default 60; the CSV is data/bench/soak-DATE.csv
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-60}
seconds=$((minutes * 60)) period=10
[ "$minutes" -ge 5 ] || period=3
. bench/server.sh
[ -n "${IOC_BENCH_NO_BUILD:-}" ] || build_all

header
# The subscriber gets the QoS 0 stream as well, which does not wait for it. A small buffer pool for DuckDB, so that it is full before the
# first quarter ends: what fills to a limit set by the operator is no leak.
start_server --Mqtt:MaxOutgoingQueue 20000 --Storage:DuckDb:MemoryMebibytes 64 --Journal:BudgetBytes 268435456 --Journal:SegmentBytes 16777216
children=()
trap 'kill "${children[@]}" 2> /dev/null || true; stop_server' EXIT
csv="$(cd "$data" && pwd)/soak-$(date +%F-%H%M).csv"
reports=$folder

# Loads end a little before the watch, so that the last samples still see them and the balance can settle.
load publish --qos 1 --rate 2000 --subscriber --key soak-a --connections 20 --meters 10 --warm 20000 --count $((seconds * 2000)) --port "$port" --pid "$pid" --web "$url" > "$reports/qos1" & children+=($!)
load publish --qos 0 --rate 1000 --key soak-b --connections 10 --meters 20 --count $((seconds * 1000)) --port "$port" --pid "$pid" > "$reports/qos0" & children+=($!)
load churn --rate 50 --connections 100 --seconds "$seconds" --port "$port" > "$reports/churn" & children+=($!)

status=0
load watch --pid "$pid" --web "$url" --seconds "$seconds" --period $period --csv "$csv" || status=1
for child in "${children[@]}"; do wait "$child" || { echo "a load failed"; status=1; }; done
children=()
awk -F= '{ v[$1] = $2 } END { printf "QoS 1: %s messages, PUBACK p50 %s ms, p99 %s ms, max %s ms; the subscriber got all, %s repeated\n", v["messages"], v["puback_p50_ms"], v["puback_p99_ms"], v["puback_max_ms"], v["repeated"] }' "$reports/qos1"
for _ in $(seq 300); do
  balance=$(curl -sf "$url/api/ingest/balance")
  [[ $balance != *'"inFlight":0,'* ]] || break
  sleep 0.2
done
echo "balance: $balance"
[[ $balance == *'"inFlight":0,'*'"difference":0'* ]] || status=1
echo "samples: $csv"
exit $status
