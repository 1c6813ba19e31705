#!/bin/sh
# probe.sh ready: PONG, the data is loaded. probe.sh alive: any answer; only silence is a reason to restart.
client=redis-cli
! command -v valkey-cli >/dev/null || client=valkey-cli
answer=$($client ${REDIS_CLIENT_OPTIONS:-} --user probe --pass probe --no-auth-warning ping) || exit 1
[ "$1" = alive ] || [ "$answer" = PONG ]
