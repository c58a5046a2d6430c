#!/bin/sh
# live: the process answers. ready: it watches a primary.
set -eu
. "$(dirname "$0")/tier.sh"
local_peer=127.0.0.1:${SELF##*:}
case ${1:?live or ready} in
  live) ask "$local_peer" PING >/dev/null ;;
  ready) primary=$(primary_known_by "$local_peer") && [ "$primary" != none ] ;;
  *) exit 2 ;;
esac
