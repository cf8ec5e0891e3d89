#!/usr/bin/env bash
# Whole-server figures: messages per second, server CPU seconds per million messages, resident memory, and how long the
# consumers lag behind the last acknowledgement. Load generator and server share the machine; every figure says so.
#   bench/macro.sh [messages] [connections] [window]        default 1000000 50 64
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000} connections=${2:-50} window=${3:-64}
server=src/Ioc.Server/bin/Release/net10.0/ioc.dll
sim=simulators/Ioc.Simulators/bin/Release/net10.0/ioc-sim.dll
[ -f "$server" ] && [ -f "$sim" ] || dotnet build Ioc.sln -c Release -v quiet

ticks=$(getconf CLK_TCK)
cpu() { awk -v t="$ticks" '{ sub(/.*\) /, ""); print ($12 + $13) / t }' "/proc/$1/stat"; }
seconds() { date +%s.%N; }

row() { # name, qos, extra server settings
  local name=$1 qos=$2; shift 2
  local data; data=$(mktemp -d)
  dotnet "$server" --Mqtt:Port 0 --Urls http://127.0.0.1:0 --Data:Path "$data" --Logging:LogLevel:Default Warning "$@" > "$data/out" 2>&1 &
  local pid=$! url= port=
  for _ in $(seq 300); do
    url=$(sed -n 's/.*dashboard *\(http:[^ ]*\).*/\1/p' "$data/out")
    [ -n "$url" ] && break
    kill -0 $pid 2>/dev/null || { cat "$data/out"; exit 1; }
    sleep 0.1
  done
  port=$(curl -sf "$url/health/ready" | sed 's/.*"mqttPort":\([0-9]*\).*/\1/')

  # Warm: the first messages pay for compilation. Other keys, so that the measured run does not send into their past.
  dotnet "$sim" --rate 0 --count 200000 --key warm --connections "$connections" --window "$window" --qos "$qos" --devices 200 --port "$port" > /dev/null
  local c0 t0 t1 c1 t2 c2
  sleep 2
  c0=$(cpu $pid); t0=$(seconds)
  dotnet "$sim" --rate 0 --count "$count" --connections "$connections" --window "$window" --qos "$qos" --devices 200 --port "$port" > "$data/sim"
  t1=$(seconds); c1=$(cpu $pid)
  if [[ " $* " != *"Pipeline:Enabled false"* ]]; then
    for _ in $(seq 6000); do
      [ "$(curl -sf "$url/api/ingest/balance" | sed 's/.*"inFlight":\([0-9]*\).*/\1/')" = 0 ] && break
      sleep 0.05
    done
  fi
  t2=$(seconds); c2=$(cpu $pid)
  local rss; rss=$(awk '/VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status")
  local rate; rate=$(sed -n 's/.* \([0-9]\+\) messages\/s.*/\1/p' "$data/sim" | tail -1)
  awk -v name="$name" -v n="$count" -v t="$t1" -v t0="$t0" -v t2="$t2" -v c0="$c0" -v c2="$c2" -v rss="$rss" -v rate="$rate" \
    'BEGIN { printf "| %s | %s | %.2f | %.1f | %d |\n", name, rate != "" ? rate : int(n / (t - t0)), (c2 - c0) * 1000000 / n, t2 - t, rss }'
  kill -TERM $pid; wait $pid 2>/dev/null || true
  rm -rf "$data"
}

echo "$(nproc) cores shared by load and server, $(git rev-parse --short HEAD), $(date +%F); $count messages of about 200 B, $connections connections, window $window"
echo
echo "| row | messages/s | server CPU s per million | lag after the last acknowledgement, s | RSS MB |"
echo "| --- | --- | --- | --- | --- |"
row "intake QoS 0, journal only" 0 --Pipeline:Enabled false
row "intake QoS 1, journal only" 1 --Pipeline:Enabled false
row "whole pipeline QoS 1, DuckDB" 1
