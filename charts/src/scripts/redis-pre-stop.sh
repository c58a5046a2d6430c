#!/bin/sh
# Before a planned stop: a primary hands over through SENTINEL FAILOVER, instead of being missed. Sentinel neither waits
# for the replica to catch up nor hurries to demote the old primary (8 s), so writes are paused before and this one
# demotes itself after: what is acknowledged is at the replica, and nobody writes to a primary that is none.
# Never longer than HANDOVER_SECONDS, never a failure: the stop goes on anyway.
set -eu
. "$(dirname "$0")/tier.sh"
local_peer=127.0.0.1:${SELF##*:}
self=$(address_of "$SELF") || exit 0
now() { date +%s; }
deadline=$(($(now) + ${HANDOVER_SECONDS:-20}))
# Where no Sentinel answers for this long, everything is being deleted: waiting helps no one.
patience=$(($(now) + 3))

pause() { ask "$local_peer" CLIENT PAUSE 3000 WRITE >/dev/null || true; }
unpause() { ask "$local_peer" CLIENT UNPAUSE >/dev/null || true; }

asked=''
while [ "$(info_of "$local_peer" role)" = master ] && [ "$(now)" -lt "$deadline" ]; do
  if [ -z "$asked" ]; then
    answer=0
    pause
    request_failover || answer=$?
    case $answer in
      0) asked=yes ;;
      1) unpause ;;
      2) unpause; [ "$(now)" -lt "$patience" ] || break ;;
    esac
  else
    known=$(known_primary) || known=none
    case $known in
      none | "$self") ;;
      *) ask "$local_peer" SLAVEOF "${known%:*}" "${known##*:}" >/dev/null || true ;;
    esac
  fi
  sleep 0.1
done
unpause
exit 0
