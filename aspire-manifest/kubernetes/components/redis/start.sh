#!/bin/sh
# Starts Redis, or Valkey, with one user for each service. The passwords are the Secret's; the rights are here, so that a release can
# change them: docs/how-to/set-up-the-redis-user.md says what each is for.
set -eu

# A backup to go back to (docs/how-to/operate.md). The data that it replaces stays beside it until the next one.
if [ -f /data/restore.rdb ]; then
  rm -rf /data/appendonlydir.replaced
  [ ! -d /data/appendonlydir ] || mv /data/appendonlydir /data/appendonlydir.replaced
  mkdir /data/appendonlydir
  echo "file appendonly.aof.1.base.rdb seq 1 type b" >/data/appendonlydir/appendonly.aof.manifest
  mv /data/restore.rdb /data/appendonlydir/appendonly.aof.1.base.rdb
fi

umask 077
{
  echo "user default reset off"
  # Probes learn whether data is loaded, and no more.
  echo "user probe reset on nopass +ping"
  echo "user edge reset on >${REDIS_EDGE_PASSWORD:?is missing in redis.env} $(echo \
    "~rl:* ~openclaw:edge:rules &rl:raised +echo +ping +info" \
    "+eval +evalsha +time +mget +set +zadd +zcard +zrem +zremrangebyscore +pexpire +publish +subscribe +hget +hmget +hstrlen" \
    "~openclaw:{usage}:* +zrange +hincrby +expire +hgetall ~openclaw:{events}* +pttl +incrby +xadd" \
    "~{openclaw:edge:rules}:* ~openclaw:{audit}* +hset +hdel +lpush +rpop +llen +lrange +xrange +xrevrange +xdel")"
  echo "user notifier reset on >${REDIS_NOTIFIER_PASSWORD:?is missing in redis.env} $(echo \
    "~openclaw:{events}* +echo +ping +info" \
    "+eval +evalsha +script|load +time +xgroup +xreadgroup +xautoclaim +xack +xinfo +xpending +xrange +xadd" \
    "+zadd +zrem +zscore +zcard +zrange +zrangebyscore +hget +hset +hsetnx +hdel +hincrby +sadd +sismember +pexpire")"
  # Reads everything, writes rules, sends a delivery again, takes backups.
  echo "user operator reset on >${REDIS_OPERATOR_PASSWORD:?is missing in redis.env} $(echo \
    "~* +@read +@connection -@dangerous +info +client|list +client|kill +slowlog +latency +memory +lastsave +config|get" \
    "+acl|log +acl|whoami +sync +psync +replconf (~openclaw:edge:rules +hset) (~openclaw:{events}:retry +xadd)")"
} >/tmp/users.acl

server=redis-server
! command -v valkey-server >/dev/null || server=valkey-server
exec "$server" /etc/redis/redis.conf --aclfile /tmp/users.acl
