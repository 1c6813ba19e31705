# Shared by the scripts of this folder; sourced, not run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/openclaw/podman
mkdir -p "$cache"

fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}

# 3 says: not a fault of the project, this machine cannot.
unable() {
  echo "${0##*/}: $*" >&2
  exit 3
}

command -v podman >/dev/null || unable "podman is needed: apt-get install podman runc catatonit containernetworking-plugins iptables"

# podman asks for more open files and processes than some hosts let it have.
limit() { if [ "$1" = unlimited ] || [ "$1" -gt 20000 ]; then echo 20000; else echo "$1"; fi; }
files=$(limit "$(ulimit -Hn)") processes=$(limit "$(ulimit -Hu)")
export CONTAINERS_CONF=$cache/containers.conf
{
  echo "[containers]"
  echo "default_ulimits = [\"nofile=$files:$files\", \"nproc=$processes:$processes\"]"
  if ! command -v crun >/dev/null; then
    echo "[engine]"
    echo 'runtime = "runc"'
  fi
} >"$cache/containers.conf.$$"
mv "$cache/containers.conf.$$" "$CONTAINERS_CONF"
