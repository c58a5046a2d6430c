#!/bin/sh
# Runs beside a Sentinel, ends with it, and stops it from spinning. kube-proxy rejects at once what is sent to a peer
# without a pod. The kernel queues that error with the socket, whose connection goes on, or is made, once the peer is back.
# Sentinel never reads such a queue, so that epoll wakes it for ever: it takes a core of its own until it is restarted
# (redis/redis#9956). Which socket it is cannot be seen from here: peers are asked to close all that this Sentinel has
# there. It opens others within 100 ms, and nothing is queued with those.
set -eu
. "$(dirname "$0")/tier.sh"
PERIOD_SECONDS=2
# Hundredths of a second of a core in a period: a fifth of a core. A Sentinel at work takes a hundredth.
SPINNING=$((PERIOD_SECONDS * 20))
# Sentinel names its connections after its id (see sentinel-start.sh).
links="sentinel-$(printf %s "$SELF" | sha1sum | cut -c 1-8)-"

# Hundredths of a second that the Sentinel has taken since it started: utime and stime of proc_pid_stat(5).
taken() {
  read -r stat <"/proc/$PPID/stat" || return 1
  # shellcheck disable=SC2086 # 52 words
  set -- $stat
  echo $((${14} + ${15}))
}

# PEER: prints the ids of the connections that this Sentinel has there.
links_at() {
  ask "$1" CLIENT LIST | sed -n "s/^id=\([0-9]*\) .* name=$links.*/\1/p"
}

relink() {
  for peer_entry in $REDIS_PEERS $SENTINEL_PEERS; do
    [ "$peer_entry" != "$SELF" ] || continue
    for id in $(links_at "$peer_entry"); do
      if ask "$peer_entry" CLIENT KILL ID "$id" >/dev/null; then log "the Sentinel spins: $peer_entry closed its connection $id"; fi
    done
  done
}

before=$(taken)
while sleep "$PERIOD_SECONDS"; do
  now=$(taken) || exit 0
  if [ $((now - before)) -gt $SPINNING ]; then relink; now=$(taken) || exit 0; fi
  before=$now
done
