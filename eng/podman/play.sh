#!/usr/bin/env bash
# Runs the production overlay's containers with podman: ./play.sh up [NAME [PORT [MANAGEMENT_PORT [CONSOLE_PORT]]]], ./play.sh down [NAME].
# NAME (default: openclaw) prefixes everything it makes. PORT (default: 8080) and MANAGEMENT_PORT (default: 9090) are the edge's,
# CONSOLE_PORT (default: 8081) the console's, all on loopback.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
command -v kubectl >/dev/null || unable "kubectl is needed to render the overlay"
action=${1:-} name=${2:-openclaw} port=${3:-8080} management=${4:-9090} console=${5:-8081}
state=$cache/$name

image() { sed -n "s/^$1=//p" "$cache/images.list"; }

# Of the names on standard input, those that this stack made; another stack's may begin alike.
made() { grep -Fx -f "$state/names" || true; }

down() {
  [ -d "$state" ] || return 0
  touch "$state/names"
  podman pod ls --format '{{.Name}}' | made | xargs -r podman pod rm -f -t 0 >/dev/null 2>&1 || true
  podman volume ls -q | made | xargs -r podman volume rm -f >/dev/null || true
  podman secret ls --format '{{.Name}}' | made | xargs -r podman secret rm >/dev/null || true
  podman network exists "$name" && podman network rm -f "$name" >/dev/null
  rm -rf "$state"
}

# A container that does nothing, to tell early and plainly what is wrong.
try() {
  local said code=0
  said=$(podman run --rm --read-only --cap-drop all --network "$name" "$(image redis)" redis-server --version 2>&1) || code=$?
  # Up to 126 it is podman that failed, beyond that (127: no such program) what runs in the container.
  case $code in
    0) ;;
    125 | 126) unable "podman cannot run containers here (exit code $code): ${said:-it did not say why}" ;;
    *)
      said=${said:-it did not say why}
      fail "podman runs containers here, but 'redis-server --version' in $(image redis) ended with exit code $code: $said"
      ;;
  esac
}

up() {
  local overlay subnet secret workload ip number=10 workloads=() addresses=()
  down
  mkdir -p "$state"
  chmod 700 "$state"
  trap down EXIT

  "$here/images.sh" >/dev/null
  # In a copy, with a password of its own: an operator's secrets stay where they are.
  cp -r "$root/aspire-manifest/kubernetes" "$state/kubernetes"
  overlay=$state/kubernetes/production
  secret=$(head -c 24 /dev/urandom | base64 | tr -d '+/=')
  for example in "$overlay"/secrets/*.env.example; do
    sed "s/CHANGE-ME/$secret$secret/" "$example" >"${example%.example}"
  done

  # Through the host's port all clients have one address, which may then open all connections.
  sed -Ei 's/^(.*__MaxConnections)=(.*)/&\n\1PerAddress=\2/' "$state/kubernetes/components/edge/settings.env"

  podman network create "$name" >/dev/null
  try
  subnet=$(podman network inspect "$name" --format '{{range .Subnets}}{{.Subnet}}{{end}}')
  subnet=${subnet%.*/*}
  # Fixed hardware addresses as well: a pod that comes back under its old address is found at once.
  for workload in redis rating-api edge console notifier; do
    ip=$subnet.$number
    workloads+=("$workload=$ip=$(image "$workload")")
    addresses+=(--ip "$ip" --mac-address "02:00:00:00:00:$number")
    number=$((number + 1))
  done
  kubectl kustomize "$overlay" | dotnet run --project "$here/Adapt" --verbosity quiet -- "$state" "$name" \
    "edge:http=$port" "edge:management=$management" "console:http=$console" "${workloads[@]}"
  # Everything that becomes a pod (a Deployment's has a suffix), a volume or a secret.
  sed -nE "s/^[- ]*(name|claimName): ($name-.*)/\2\n\2-pod-0/p" "$state/play.yaml" | sort -u >"$state/names"
  for secret in "$state"/secrets/*.json; do
    podman secret create "$(basename "$secret" .json)" "$secret" >/dev/null
  done
  podman kube play -q --network "$name" "${addresses[@]}" "$state/play.yaml" >"$state/log" 2>&1 ||
    { cat "$state/log" >&2; fail "podman kube play failed"; }
  trap - EXIT
  echo "http://127.0.0.1:$port"
}

case $action in
  up) up ;;
  down) down ;;
  *) fail "usage: play.sh up [NAME [PORT [MANAGEMENT_PORT [CONSOLE_PORT]]]] | play.sh down [NAME]" ;;
esac
