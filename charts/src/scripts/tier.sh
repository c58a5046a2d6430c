# What the scripts of the Redis tier share; sourced, POSIX sh, no state.
#   REDIS_PEERS, SENTINEL_PEERS  all of the tier as "host:port host:port …", this one included
#   SELF                         this one's entry of its list
#   SECRETS_DIR                  a directory with gateway-password, replication-password and sentinel-password
#   QUORUM                       how many Sentinels must agree
# An address is "ip:port": what Sentinels and replicas are told, and compare. Names are resolved here, once, and
# never by Sentinel, whose resolver blocks it into TILT (redis/redis#13866).
GROUP=kittiwake

log() { echo "kittiwake: $*" >&2; }
secret() { cat "$SECRETS_DIR/$1"; }
digest() { printf %s "$(secret "$1")" | sha256sum | cut -d ' ' -f 1; }

# Prints the address of a "host:port"; fails where the name does not resolve.
address_of() {
  getent ahostsv4 "${1%:*}" | { read -r ip _ && echo "$ip:${1##*:}"; }
}

# PEER COMMAND…: asks one Redis or Sentinel, for a second at most; fails on silence and on error replies.
ask() {
  peer=$1
  shift
  REDISCLI_AUTH=$(secret sentinel-password) timeout 1 \
    redis-cli -e --user sentinel --no-auth-warning -h "${peer%:*}" -p "${peer##*:}" "$@" 2>/dev/null
}

# SENTINEL: prints "EPOCH ADDRESS" of the primary it knows, or "none"; fails when it does not answer.
primary_known_by() {
  reply=$(ask "$1" SENTINEL MASTERS) || return 1
  if [ -z "$reply" ]; then echo none; return 0; fi
  echo "$(after config-epoch) $(after ip):$(after port)"
}
after() { echo "$reply" | sed -n "/^$1\$/{n;p;q;}"; }

# Prints the primary of the newest configuration that a Sentinel knows, as the Sentinels themselves decide it: by the
# highest epoch. "none" where a quorum answers and nobody knows any. Fails when too few answer, or when two contradict
# each other at one epoch.
known_primary() {
  answered=0 newest=-1 address=none
  for sentinel in $SENTINEL_PEERS; do
    answer=$(primary_known_by "$sentinel") || continue
    answered=$((answered + 1))
    if [ "$answer" = none ]; then continue; fi
    if [ "${answer% *}" -gt "$newest" ]; then newest=${answer% *} address=${answer#* }
    elif [ "${answer% *}" -eq "$newest" ] && [ "${answer#* }" != "$address" ]; then address=disputed
    fi
  done
  [ "$answered" -ge "$QUORUM" ] && [ "$address" != disputed ] && echo "$address"
}

# REDIS FIELD: prints one field of its INFO.
info_of() {
  ask "$1" INFO | tr -d '\r' | sed -n "s/^$2://p"
}

# Prints the peer that says it is primary, the one with most replicas where several do; fails when none does.
live_primary() {
  found='' most=-1
  for peer_entry in $REDIS_PEERS; do
    [ "$peer_entry" != "$SELF" ] || continue
    [ "$(info_of "$peer_entry" role)" = master ] || continue
    replicas=$(info_of "$peer_entry" connected_slaves)
    if [ "${replicas:-0}" -gt "$most" ]; then found=$peer_entry most=${replicas:-0}; fi
  done
  [ -n "$found" ] && echo "$found"
}

# Whether another Redis of the tier is up and holds keys.
peer_holds_data() {
  for peer_entry in $REDIS_PEERS; do
    [ "$peer_entry" != "$SELF" ] || continue
    [ -z "$(info_of "$peer_entry" db0)" ] || return 0
  done
  return 1
}

# Asks the Sentinels, one after the other, to make another Redis the primary. Fails with 1 where they answer and refuse
# (they look for replicas every ten seconds, so a new tier may have none that they know), with 2 where none answers.
request_failover() {
  refused=2
  for sentinel in $SENTINEL_PEERS; do
    if ask "$sentinel" SENTINEL FAILOVER "$GROUP" >/dev/null; then return 0; fi
    if ask "$sentinel" PING >/dev/null; then refused=1; fi
  done
  return $refused
}
