# What holds for every lab: its names, addresses and users, and how to reach into it (sourced, not run).

export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8

KIT_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ALL_LABS="lab1 lab2"

STATE_ROOT=/var/lib/ganeti-lab       # what a lab keeps on disk
RUN_ROOT=/run/ganeti-lab             # sockets, pids, start-up logs

RAPI_USER=gwm                        # may read and write
RAPI_PASSWORD=gwm-lab-secret
RAPI_READER=reader                   # may read everything, not write
RAPI_READER_PASSWORD=reader-secret
RAPI_HASHED=hashed                   # write user, stored as an {HA1} digest
RAPI_HASHED_PASSWORD=hashed-secret

LAB2_NODES=5

state_dir()    { echo "$STATE_ROOT/$1"; }
run_dir()      { echo "$RUN_ROOT/$1"; }
netns_name()   { echo "gnt-$1"; }
lab_number()   { echo "${1#lab}"; }
rapi_port()    { echo "$((5080 + $(lab_number "$1")))"; }   # on 127.0.0.1
lab_address()  { echo "127.77.$(lab_number "$1").1"; }      # loopback, same in and out of the lab
lab_subnet()   { echo "10.77.$(lab_number "$1")"; }         # exists inside the lab's namespace only
cluster_name() { echo "$1.ganeti.test"; }

say()  { echo "[$(date +%H:%M:%S)] $*" >&2; }
fail() { say "FAILED: $*"; exit 1; }

check_lab_names() {
  local lab
  for lab in "$@"; do
    [[ " $ALL_LABS " == *" $lab "* ]] || fail "unknown lab '$lab' (known: $ALL_LABS)"
  done
}

# Everything that belongs to a lab runs in the lab's own network namespace,
# so this list is exactly what 'down' has to end.
lab_pids() {
  [[ -e /run/netns/$(netns_name "$1") ]] || return 0
  ip netns pids "$(netns_name "$1")"
}

# The main-side pid of the lab container's init, if it is alive.
lab_init_pid() {
  local pid
  pid=$(cat "$(run_dir "$1")/init.pid" 2>/dev/null) || return 1
  lab_pids "$1" | grep -qx "$pid" || return 1
  echo "$pid"
}

# in_lab LAB COMMAND...: run a command inside the lab's container. Descriptor 9
# is the lock of 'up', which no daemon may keep.
in_lab() {
  local lab=$1 pid
  shift
  pid=$(lab_init_pid "$lab") || fail "$lab is not running"
  nsenter --target "$pid" --mount --uts --net --pid --wd=/root \
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb "$@" 9>&-
}

rapi_curl() {
  local lab=$1 path=$2
  shift 2
  curl --silent --show-error --insecure --noproxy '*' --max-time 20 \
    --user "$RAPI_USER:$RAPI_PASSWORD" "$@" "https://127.0.0.1:$(rapi_port "$lab")$path"
}

lab_is_ready() {
  [[ -e $(run_dir "$1")/ready ]] && lab_init_pid "$1" >/dev/null &&
    rapi_curl "$1" /2/info --fail --output /dev/null 2>/dev/null
}

# Lets one 'up' or 'down' at a time go on; held until the last build ends.
take_lock() {
  mkdir -p "$RUN_ROOT"
  exec 9> "$RUN_ROOT/lock"
  flock -n 9 && return
  say "another 'up' or 'down' is at work (or what one left behind); waiting"
  flock -w 300 9 || fail "it does not end; it holds $RUN_ROOT/lock"
}

destroy_lab() {
  local lab=$1 netns pid tries
  netns=$(netns_name "$lab")
  for tries in 1 2 3 4 5 6 7 8 9 10; do
    [[ -n $(lab_pids "$lab") ]] || break
    for pid in $(lab_pids "$lab"); do kill -KILL "$pid" 2>/dev/null || true; done
    sleep 0.3
  done
  [[ -z $(lab_pids "$lab") ]] || fail "$lab: some processes do not end: $(lab_pids "$lab" | xargs)"
  if [[ -e /run/netns/$netns ]]; then ip netns delete "$netns"; fi
  rm -rf "$(state_dir "$lab")" "$(run_dir "$lab")"
}
