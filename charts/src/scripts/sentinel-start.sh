#!/bin/sh
# Starts one Sentinel, and gives it the primary to watch: what the other Sentinels know, or else the Redis that says it
# leads. It never names one itself, so that an empty Sentinel cannot contradict the others.
set -eu
. "$(dirname "$0")/tier.sh"
conf=$DATA_DIR/sentinel.conf

# Its id is made from its name: one that comes back empty is the same voter, not one more.
render() { # ADDRESS
  mkdir -p "$DATA_DIR"
  umask 077
  cat >"$conf" <<C
port ${1##*:}
bind * -::*
protected-mode no
dir $DATA_DIR
user default off
user sentinel on #$(digest sentinel-password) ~* &* +@all
user gateway on #$(digest gateway-password) &* -@all +auth +hello +ping +info +role +command +client|setname +client|id +subscribe +psubscribe +unsubscribe +punsubscribe +sentinel|get-master-addr-by-name +sentinel|sentinels +sentinel|replicas +sentinel|slaves
sentinel myid $(printf %s "$SELF" | sha1sum | cut -c 1-40)
sentinel announce-ip ${1%:*}
sentinel announce-port ${1##*:}
sentinel resolve-hostnames no
sentinel announce-hostnames no
sentinel deny-scripts-reconfig yes
sentinel sentinel-user sentinel
sentinel sentinel-pass $(secret sentinel-password)
C
}

watch() { # ADDRESS: by standard input, so that no password is in a list of processes
  ask "$local_peer" <<C >/dev/null
SENTINEL MONITOR $GROUP ${1%:*} ${1##*:} $QUORUM
SENTINEL SET $GROUP auth-user sentinel auth-pass $(secret sentinel-password)
SENTINEL SET $GROUP down-after-milliseconds $DOWN_AFTER_MS failover-timeout $FAILOVER_TIMEOUT_MS parallel-syncs 1
C
}

# Runs beside the Sentinel, whose process id is this shell's ($$), and ends with it.
join() {
  while kill -0 $$ 2>/dev/null; do
    own=$(primary_known_by "$local_peer") || own=''
    case $own in
      '') ;; # not up yet
      none) if primary=$(primary_to_watch); then log "watching $primary"; watch "$primary" || log "not accepted"; fi ;;
      *) return 0 ;;
    esac
    sleep 0.5
  done
}

# Where no other Sentinel knows one, the primary is taken when all its replicas are there, or after five seconds: Sentinel
# looks for replicas at once and then every ten seconds, and a tier that is Ready should be able to fail over.
primary_to_watch() {
  known=$(known_primary) || known=none
  if [ "$known" != none ]; then echo "$known"; return 0; fi
  leader=$(live_primary) || return 1
  replicas=$(info_of "$leader" connected_slaves)
  set -- $REDIS_PEERS
  [ "${replicas:-0}" -ge $(($# - 1)) ] || [ $(($(date +%s) - started)) -ge 5 ] || return 1
  address_of "$leader"
}

local_peer=127.0.0.1:${SELF##*:}
until self=$(address_of "$SELF"); do log "waiting for the name $SELF"; sleep 0.5; done
[ -s "$conf" ] || render "$self"
started=$(date +%s)
join &
sh "$(dirname "$0")/sentinel-hasten.sh" &
sh "$(dirname "$0")/sentinel-relink.sh" &
exec redis-sentinel "$conf"
