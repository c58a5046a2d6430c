#!/bin/sh
# live: the process answers. ready: it watches a primary, and enough other Sentinels do for a failover.
set -eu
. "$(dirname "$0")/tier.sh"
local_peer=127.0.0.1:${SELF##*:}
case ${1:?live or ready} in
  live) ask "$local_peer" PING >/dev/null ;;
  ready) ask "$local_peer" SENTINEL CKQUORUM "$GROUP" >/dev/null ;;
  *) exit 2 ;;
esac
