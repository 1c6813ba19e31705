#!/bin/sh
# Reads a backup from standard input. It replaces the data at the next start: docs/how-to/operate.md.
set -eu
check=redis-check-rdb
! command -v valkey-check-rdb >/dev/null || check=valkey-check-rdb
trap 'rm -f /data/restore.part' EXIT
cat >/data/restore.part
$check /data/restore.part >&2
mv /data/restore.part /data/restore.rdb
echo "restore: restart Redis to go back to this backup" >&2
