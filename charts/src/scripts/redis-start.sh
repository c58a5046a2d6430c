#!/bin/sh
# Starts one Redis of the tier as what it should be. The rules, in this order:
#  1. A primary that the Sentinels know is followed, whatever this one was before.
#  2. Where that primary is this one (it was down, and nobody noticed yet), it hands over: replicas may hold
#     acknowledged entries that its log, synced once a second, lost. It leads again only when nobody can take over,
#     and not at all with an empty directory while a peer holds data: replicas would copy the emptiness.
#  3. Where a quorum of Sentinels answers and none knows a primary, a live primary is followed; without one, this is
#     the first boot, and the first of the list leads.
#  4. Where too few Sentinels answer, or they disagree, it waits.
set -eu
. "$(dirname "$0")/tier.sh"

HANDOVER_TRIES=${HANDOVER_TRIES:-60}   # of half a second

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
  } >"$RUN_DIR/redis.conf"
  sed -e "s/@gateway@/#$(digest gateway-password)/" -e "s/@replication@/#$(digest replication-password)/" \
    -e "s/@sentinel@/#$(digest sentinel-password)/" "$USERS_FILE" >"$RUN_DIR/users.acl"
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

hand_over() {
  tries=$((tries + 1))
  if request_failover; then log "known as primary: asked for a failover"; return 0; fi
  [ "$tries" -ge "$HANDOVER_TRIES" ] || return 0
  if has_data || ! peer_holds_data; then lead "nobody could take over"; fi
  log "known as primary, empty, and a peer holds data: promote that one with SENTINEL commands"
}

tries=0
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
    "$self") hand_over ;;
    *) follow "$known" ;;
  esac
  said=$known
  sleep 0.5
done
