#!/usr/bin/env bash
# The speed table of the whole server, measured: one command, markdown on standard output, progress on standard error.
#   bench/macro.sh [--row qos0|qos1|subscriber|puback|idle|pipeline]... [--count N] [--no-peer] [--no-build]
# Load generator (ioc-load) and server share the machine. mosquitto, when installed, gets the same load as a peer.
# IOC_BENCH_DATA: folder on the disk to be measured (default data/bench). IOC_BENCH_SERVER: another ioc.dll than this tree's.
set -euo pipefail
cd "$(dirname "$0")/.."
all=(qos0 qos1 subscriber puback idle pipeline)
rows=() count=2000000 peer=1 build=1
while [ $# -gt 0 ]; do
  case $1 in
    --row) rows+=("$2"); shift 2 ;;
    --count) count=$2; shift 2 ;;
    --no-peer) peer=0; shift ;;
    --no-build) build=0; shift ;;
    *) sed -n '2,5s/^# \?//p' "$0" >&2; exit 2 ;;
  esac
done
[ ${#rows[@]} -gt 0 ] || rows=("${all[@]}")
for row in "${rows[@]}"; do [[ " ${all[*]} " == *" $row "* ]] || { echo "no row '$row'; there are: ${all[*]}" >&2; exit 2; }; done

. bench/server.sh
[ $build = 0 ] || build_all
command -v mosquitto > /dev/null || peer=0

# 10,000 idle connections need as many descriptors on either side.
idle=10000
ulimit -n 32768 2> /dev/null || ulimit -n "$(ulimit -Hn)"
limit=$(ulimit -n)
[ "$limit" = unlimited ] || [ "$limit" -gt $((idle + 500)) ] || { idle=$((limit - 500)); echo "at most $limit descriptors here (ulimit -n): $idle idle connections instead of 10,000" >&2; }

tell() { # row, who, what must be reached, figure
  local heap=${v[allocated_per_message]:-NaN}
  [ "$heap" = NaN ] && heap=–
  printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$4" "${v[rate]:-–}" "${v[server_cpu_per_million]:-–}" "${v[load_cpu_per_million]:-–}" "${v[frames_per_write]:-–}" "$heap" "$(load_average)"
}

# Runs ioc-load against the broker that runs as $pid on $port; figures into v.
measure() {
  v=()
  local out; out=$(load "$@" --port "$port" --pid "$pid") || { echo "   failed: $*" >&2; v=([failed]=1); return; }
  while IFS='=' read -r name value; do v[$name]=$value; done <<< "$out"
}

figure() { # row
  [ -z "${v[failed]:-}" ] || { echo failed; return; }
  case $1 in
    puback) echo "p50 ${v[puback_p50_ms]} ms, p99 ${v[puback_p99_ms]} ms; the disk's own fsync p50 ${v[fsync_p50_ms]}, p99 ${v[fsync_p99_ms]} ms" ;;
    idle) echo "${v[kb_per_connection]} kB each over ${v[baseline_mb]} MB, ${v[connections]} connections" ;;
    pipeline) echo "lag after the last PUBACK ${v[lag_s]} s; RSS ${v[rss_mb]} MB" ;;
    subscriber) echo "${v[deliveries_per_read]} deliveries per read, none missing, ${v[repeated]} repeated" ;;
    *) echo "RSS ${v[rss_mb]} MB" ;;
  esac
}

loads_of() { # row → arguments of ioc-load
  case $1 in
    qos0) echo "publish --qos 0 --warm $count --count $count" ;;
    qos1) echo "publish --qos 1 --warm $count --count $count" ;;
    subscriber) echo "publish --qos 1 --subscriber --warm $((count / 4)) --count $((count / 4))" ;;
    puback) echo "publish --qos 1 --rate 10000 --warm 100000 --count 100000 --disk $folder" ;;
    idle) echo "idle --connections $idle --seconds 5" ;;
    pipeline) echo "publish --qos 1 --settle --warm $((count / 2)) --count $count" ;;
  esac
}

target_of() {
  case $1 in
    qos0) echo "≤ 2.0 CPU s/M" ;;
    qos1) echo "≤ 2.5 CPU s/M, ≥ 450 k/s, 0 B" ;;
    subscriber) echo "≤ 5 CPU s/M" ;;
    puback) echo "p50 ≤ 4 ms, p99 ≤ fsync p99 + 6 ms" ;;
    idle) echo "≤ 10 kB" ;;
    pipeline) echo "≥ 150 k/s, ≤ 10 CPU s/M" ;;
  esac
}

title_of() {
  case $1 in
    qos0) echo "QoS 0 publish" ;;
    qos1) echo "QoS 1 publish, window 64" ;;
    subscriber) echo "QoS 1, one subscriber taking all" ;;
    puback) echo "PUBACK at 10 k msg/s" ;;
    idle) echo "RSS per idle connection" ;;
    pipeline) echo "whole pipeline, 5 readings per message" ;;
  esac
}

ours() {
  local settings=(--Pipeline:Enabled false) web=()
  [ "$1" != pipeline ] || settings=()
  start_server "${settings[@]}"
  [ "$1" = idle ] || web=(--web "$url")
  # shellcheck disable=SC2046
  measure $(loads_of "$1") "${web[@]}"
  tell "$(title_of "$1")" "ours" "$(target_of "$1")" "$(figure "$1")"
  stop_server
}

mosquitto_peer() {
  start_mosquitto
  # A slow peer need not be measured as long.
  local count=$((count / 4))
  # shellcheck disable=SC2046
  measure $(loads_of "$1")
  tell "$(title_of "$1")" "$(mosquitto -h | sed -n '1s/version //p')" "" "$(figure "$1")"
  stop_server
}

declare -A v=()
trap 'stop_server' EXIT
header
echo
echo "50 connections, 200 meters, 213-byte PUBLISH with 185 bytes of Tasmota JSON; load and server share the cores; intake rows with Pipeline:Enabled=false, every PUBACK after its fsync."
echo "CPU seconds are per million messages; frames per write and the load's own cost are the load generator's."
echo
echo "| row | who | must reach | figure | messages/s | server CPU s/M | load CPU s/M | frames per write | heap B per message | load average |"
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
for row in "${rows[@]}"; do
  echo "-- $row" >&2
  ours "$row"
  if [ $peer = 1 ] && [ "$row" != pipeline ]; then mosquitto_peer "$row"; fi
done
