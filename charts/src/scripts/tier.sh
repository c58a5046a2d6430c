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

# SENTINEL: prints the address of the primary it knows, or "none"; fails when it does not answer.
primary_known_by() {
  reply=$(ask "$1" SENTINEL get-master-addr-by-name "$GROUP") || return 1
  if [ -z "$reply" ]; then echo none; else echo "$reply" | { read -r ip && read -r port && echo "$ip:$port"; }; fi
}

# Prints the primary that the Sentinels agree on: an address, or "none" where a quorum answers and nobody knows any.
# A Sentinel that knows nothing has no say against one that does. Fails when they disagree or too few answer.
known_primary() {
  answers='' addresses='' answered=0
  for sentinel in $SENTINEL_PEERS; do
    answer=$(primary_known_by "$sentinel") || continue
    answered=$((answered + 1))
    [ "$answer" = none ] || addresses="$addresses $answer"
  done
  [ "$answered" -ge "$QUORUM" ] || return 1
  [ -n "$addresses" ] || { echo none; return 0; }
  most_agreed $addresses
}

# ADDRESS…: prints the only one, or the one that a quorum names.
most_agreed() {
  for candidate in "$@"; do
    votes=0
    for other in "$@"; do [ "$other" != "$candidate" ] || votes=$((votes + 1)); done
    if [ "$votes" -eq $# ] || [ "$votes" -ge "$QUORUM" ]; then echo "$candidate"; return 0; fi
  done
  return 1
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

# Asks the Sentinels, one after the other, to make another Redis the primary.
request_failover() {
  for sentinel in $SENTINEL_PEERS; do
    if ask "$sentinel" SENTINEL FAILOVER "$GROUP" >/dev/null; then return 0; fi
  done
  return 1
}
