#!/usr/bin/env bash
# Installs what the tests need (Debian and Ubuntu; elsewhere it says what to install), builds, and runs every test.
# CI=true turns a test skipped for want of a server into a failure. Arguments go to `dotnet test`, e.g. ./test.sh --filter-class '*Refill*'
set -euo pipefail
cd "$(dirname "$0")"

# command:Debian packages that bring it
needs=(curl:curl redis-server:redis-server redis-sentinel:redis-sentinel redis-cli:redis-tools promtool:prometheus node:nodejs npm:npm
  chromium:chromium "gcc:gcc libc6-dev zlib1g-dev")
# A container runtime is installed in CI only.
[ "${CI:-}" != true ] ||
  needs+=("podman:podman runc catatonit containernetworking-plugins iptables" docker-registry:docker-registry)

missing=()
for need in "${needs[@]}"; do
  command -v "${need%%:*}" >/dev/null || missing+=(${need##*:})
done
if [ ${#missing[@]} -gt 0 ]; then
  root=()
  [ "$(id -u)" = 0 ] || root=(sudo -n)
  if command -v apt-get >/dev/null && "${root[@]}" true 2>/dev/null; then
    echo "Installing ${missing[*]}"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  else
    echo "Not installed: ${missing[*]}. The tests that need them are skipped; install them to run everything."
  fi
fi
# Valkey where the distribution has it. Unpacked and not installed: its service would want the port of Redis'.
if [ "${CI:-}" = true ] && ! command -v valkey-server >/dev/null && apt-cache show valkey-server >/dev/null 2>&1; then
  valkey=${XDG_CACHE_HOME:-$HOME/.cache}/openclaw/valkey
  mkdir -p "$valkey"
  [ -x "$valkey/usr/bin/valkey-server" ] || (cd "$valkey" && apt-get download -qq valkey-server valkey-tools 2>/dev/null &&
    for package in *.deb; do dpkg-deb -x "$package" .; done) || true
  # Its libraries may not all be here.
  ! "$valkey/usr/bin/valkey-server" --version >/dev/null 2>&1 || export VALKEY_BIN=$valkey/usr/bin
fi
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: no 'dotnet' on PATH." >&2; exit 1; }

log=$(mktemp) failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT
passed=0 failed=0 skipped=0 status=0
count() { sed -n "s/^ *$1: *\([0-9][0-9]*\).*/\1/p" "$log" | tail -n 1 | grep . || echo 0; }

# Layout of the sources; the build checks the rest of .editorconfig.
dotnet format whitespace . --folder --verify-no-changes
dotnet build OpenClaw.sln -c Release -v quiet -nologo
projects=(tests/*.Tests)

for project in "${projects[@]}"; do
  echo "== $(basename "$project")"
  # One project after the other: the machine is theirs alone. With a filter, a project without a match is no failure (exit code 8).
  # The slowest takes three minutes; a test that hangs ends its project.
  dotnet test --project "$project" -c Release --no-build --no-progress --timeout 15m ${1+--ignore-exit-code 8 "$@"} 2>&1 |
    tee "$log" || { status=1; echo "$(basename "$project") failed" >> "$failures"; }
  passed=$((passed + $(count succeeded)))
  failed=$((failed + $(count failed)))
  skipped=$((skipped + $(count skipped)))
  grep -A 4 '^failed ' "$log" >> "$failures" || true
done

# Repeated here, because the logs of the tests above are long.
cat "$failures"
[ "$failed" = 0 ] || status=1
echo "$passed passed, $failed failed, $skipped skipped"
exit $status
