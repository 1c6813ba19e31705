#!/bin/sh
# Writes all data, as of now, to standard output: docs/how-to/operate.md.
set -eu
trap 'rm -f /data/backup.rdb' EXIT
sh /etc/redis/cli.sh --rdb /data/backup.rdb >&2
cat /data/backup.rdb
