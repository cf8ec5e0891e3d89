# Sourced by macro.sh and soak.sh: builds, starts and stops what is measured. Sets pid, port, url and folder.
server=${IOC_BENCH_SERVER:-src/Ioc.Server/bin/Release/net10.0/ioc.dll}
data=${IOC_BENCH_DATA:-data/bench}
pid= port= url= folder=

build_all() {
  echo "-- building Release" >&2
  if [ -z "${IOC_BENCH_SERVER:-}" ]; then dotnet build src/Ioc.Server -c Release -v quiet -p:SkipDashboard=true >&2; fi
  dotnet build bench/Ioc.Load -c Release -v quiet >&2
}

load() { dotnet bench/Ioc.Load/bin/Release/net10.0/ioc-load.dll "$@"; }

load_average() { cut -d' ' -f1 /proc/loadavg; }

new_folder() {
  mkdir -p "$data"
  folder=$(mktemp -d "$(cd "$data" && pwd)/run.XXXXXX")
}

start_server() { # settings
  new_folder
  dotnet "$server" --Mqtt:Port 0 --Urls http://127.0.0.1:0 --Data:Path "$folder" --Logging:LogLevel:Default Warning "$@" > "$folder/out" 2>&1 &
  pid=$! url=
  for _ in $(seq 600); do
    url=$(sed -n 's/.*dashboard *\(http:[^ ]*\).*/\1/p' "$folder/out")
    [ -z "$url" ] || break
    kill -0 $pid 2> /dev/null || { cat "$folder/out" >&2; exit 1; }
    sleep 0.1
  done
  port=$(curl -sf "$url/health/ready" | sed 's/.*"mqttPort":\([0-9]*\).*/\1/')
}

# Persistence off, Nagle's delay off, in-flight limit off: the best it can do. With the limit of 20 or 100 its subscriber mostly ends without hundreds of messages (see README).
start_mosquitto() {
  new_folder
  port=$((20000 + RANDOM % 10000))
  printf 'listener %s 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\nmax_inflight_messages 0\nlog_type error\n' $port > "$folder/mosquitto.conf"
  mosquitto -c "$folder/mosquitto.conf" > "$folder/out" 2>&1 &
  pid=$!
  for _ in $(seq 100); do
    (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && return
    kill -0 $pid 2> /dev/null || { cat "$folder/out" >&2; exit 1; }
    sleep 0.1
  done
}

stop_server() {
  [ -n "$pid" ] || return 0
  kill -TERM "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true
  rm -rf "$folder"
  pid=
}

header() {
  local changes=; [ -z "$(git status --porcelain 2> /dev/null)" ] || changes=" with local changes"
  mkdir -p "$data"
  echo "$(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), $(awk '/MemTotal/ { printf "%d GB", $2 / 1e6 }' /proc/meminfo), kernel $(uname -r), $(df --output=fstype "$data" | tail -1), .NET $(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \([^ ]*\).*/\1/p' | tail -1); commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown)$changes, $(date +%F\ %R); load average at the start $(cut -d' ' -f1-3 /proc/loadavg)"
}
