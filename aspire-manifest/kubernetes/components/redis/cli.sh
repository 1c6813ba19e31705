#!/bin/sh
# redis-cli as the operator, in the pod: kubectl -n openclaw exec -it redis-0 -- sh /etc/redis/cli.sh
client=redis-cli
! command -v valkey-cli >/dev/null || client=valkey-cli
REDISCLI_AUTH=$REDIS_OPERATOR_PASSWORD exec $client ${REDIS_CLIENT_OPTIONS:-} --user operator "$@"
