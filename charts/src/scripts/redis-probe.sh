#!/bin/sh
# live: the process answers, be it with an error (LOADING, MASTERDOWN). ready: it leads, or its link to the primary is up.
set -eu
. "$(dirname "$0")/tier.sh"
local_peer=127.0.0.1:${SELF##*:}
case ${1:?live or ready} in
  live) REDISCLI_AUTH=$(secret sentinel-password) timeout 4 \
    redis-cli --user sentinel --no-auth-warning -h 127.0.0.1 -p "${SELF##*:}" PING >/dev/null ;;
  ready) case $(ask "$local_peer" INFO replication | tr -d '\r') in
    *role:master* | *master_link_status:up*) ;;
    *) exit 1 ;;
  esac ;;
  *) exit 2 ;;
esac
