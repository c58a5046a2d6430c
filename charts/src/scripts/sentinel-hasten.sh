#!/bin/sh
# Runs beside a Sentinel, ends with it, and shortens what publishers wait for in a failover. It decides nothing:
#  1. Sentinel asks a primary for a sign of life once a second, so that it notices a hanging one up to a second late:
#     it asks four times a second from here on.
#  2. Sentinel looks once a second whether the replica that it promoted leads, and only then tells the other replicas
#     whom to follow. Until one of them does, min-replicas-to-write has the new primary refuse every publish. They are
#     told at once: what Sentinel tells them later is what they do already.
# LOCAL_SENTINEL is where the Sentinel listens, when that is not loopback.
set -eu
. "$(dirname "$0")/tier.sh"
local_peer=${LOCAL_SENTINEL:-127.0.0.1:${SELF##*:}}
PING_PERIOD_MS=250

# NAME IP PORT "@" GROUP IP PORT: the replica that is being promoted, and the primary that it takes over from.
follow() {
  for peer_entry in $REDIS_PEERS; do
    address=$(address_of "$peer_entry") || continue
    case $address in "$2:$3" | "$6:$7") continue ;; esac
    if ask "$peer_entry" SLAVEOF "$2" "$3" >/dev/null; then log "$peer_entry follows $2:$3"; fi
  done
}

# Only the Sentinel that leads the failover says this, right after it told the replica to lead.
promotions() {
  REDISCLI_AUTH=$(secret sentinel-password) redis-cli --user sentinel --no-auth-warning \
    -h "${local_peer%:*}" -p "${local_peer##*:}" SUBSCRIBE +failover-state-wait-promotion 2>/dev/null
}

while kill -0 "$PPID" 2>/dev/null; do
  ask "$local_peer" SENTINEL DEBUG PING-PERIOD "$PING_PERIOD_MS" >/dev/null || true
  promotions | while read -r kind promotion; do
    # shellcheck disable=SC2086 # seven words
    if [ "$kind" = slave ]; then follow $promotion; fi
  done
  sleep 0.5
done
