#!/bin/sh
# Starts one Redis of the tier as what it should be. The rules, in this order:
#  1. A primary that the Sentinels know is followed, whatever this one was before.
#  2. Where that primary is this one (it was down), it stays silent, so that the Sentinels notice and promote a replica:
#     replicas may hold acknowledged entries that its log, synced once a second, lost. It leads again only when nobody
#     took over in STAND_ASIDE_SECONDS, and not at all when it is empty while a peer holds data: replicas would copy that.
#  3. Where a quorum of Sentinels answers and none knows a primary, a live primary is followed; without one, this is
#     the first boot, and the first of the list leads.
#  4. Where too few Sentinels answer, or they disagree, it waits.
set -eu
. "$(dirname "$0")/tier.sh"

STAND_ASIDE_SECONDS=${STAND_ASIDE_SECONDS:-30}

render() { # ADDRESS: the configuration of this one, in a directory that it may write to (CONFIG REWRITE)
  mkdir -p "$RUN_DIR" "$DATA_DIR"
  umask 077
  {
    cat "$CONFIG_FILE"
    echo "port ${1##*:}"
    echo "replica-announce-ip ${1%:*}"
    echo "replica-announce-port ${1##*:}"
    echo "dir $DATA_DIR"
    echo "aclfile $RUN_DIR/users.acl"
    echo "masteruser replication"
    echo "masterauth $(secret replication-password)"
    rewrite_sizes
  } >"$RUN_DIR/redis.conf"
  sed -e "s/@gateway@/#$(digest gateway-password)/" -e "s/@replication@/#$(digest replication-password)/" \
    -e "s/@sentinel@/#$(digest sentinel-password)/" "$USERS_FILE" >"$RUN_DIR/users.acl"
}

# All of the tier write the same, so that all would rewrite their logs in the same second, and everybody waits for the
# slowest: each does it at a size of its own.
rewrite_sizes() {
  rank=0
  for peer in $REDIS_PEERS; do [ "$peer" = "$SELF" ] && break; rank=$((rank + 1)); done
  echo "auto-aof-rewrite-percentage $((100 + 25 * rank))"
  echo "auto-aof-rewrite-min-size $((64 + 20 * rank))mb"
}

has_data() { [ -n "$(ls -A "$DATA_DIR/appendonlydir" 2>/dev/null)" ]; }

lead() {
  log "starting as primary: $1"
  exec redis-server "$RUN_DIR/redis.conf"
}
follow() { # ADDRESS
  log "starting as replica of $1"
  exec redis-server "$RUN_DIR/redis.conf" --replicaof "${1%:*} ${1##*:}"
}

first_boot() {
  if primary=$(live_primary); then follow "$(address_of "$primary")"; fi
  [ "$SELF" = "${REDIS_PEERS%% *}" ] || return 0
  if peer_holds_data; then log "no Sentinel knows a primary, but a peer holds data: waiting for an operator"; return 0; fi
  lead "no Sentinel knows one"
}

stand_aside() {
  [ "$known" = "$said" ] || log "known as primary: standing aside for a replica"
  : "${since:=$(date +%s)}"
  [ $(($(date +%s) - since)) -ge "$STAND_ASIDE_SECONDS" ] || return 0
  if has_data || ! peer_holds_data; then lead "nobody took over"; fi
  log "known as primary and empty, but a peer holds data: promote that one (SENTINEL FAILOVER $GROUP)"
}

said=''
until self=$(address_of "$SELF"); do
  [ -n "$said" ] || log "waiting for the name $SELF"
  said=yes
  sleep 0.5
done
render "$self"
while :; do
  known=$(known_primary) || known=unsure
  case $known in
    unsure) [ "$known" = "$said" ] || log "waiting for $QUORUM Sentinels that agree" ;;
    none) first_boot ;;
    "$self") stand_aside ;;
    *) follow "$known" ;;
  esac
  said=$known
  sleep 0.5
done
