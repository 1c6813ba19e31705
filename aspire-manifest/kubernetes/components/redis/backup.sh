#!/bin/sh
# Writes all data, as of now, to standard output: docs/how-to/operate.md.
set -eu
client=redis-cli
! command -v valkey-cli >/dev/null || client=valkey-cli
trap 'rm -f /data/backup.rdb' EXIT
REDISCLI_AUTH=$REDIS_OPERATOR_PASSWORD $client ${REDIS_CLIENT_OPTIONS:-} --user operator --rdb /data/backup.rdb >&2
cat /data/backup.rdb
