#!/bin/sh
# Removes from node_modules what no program loads: types, source maps, docs, tests, and copies for bundlers.
# Everything is by name, so a package that is new is pruned as well; the images' test starts what is left.
set -eu
modules=${1:?usage: prune.sh NODE_MODULES}
find "$modules" -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' -o -name '*.markdown' \
  -o -name '*.tsbuildinfo' -o -name '.package-lock.json' -o -name 'CHANGELOG*' \) -delete
find "$modules" -type d \( -name docs -o -name test -o -name tests -o -name __tests__ -o -name benchmark -o -name benchmarks -o -name .github \) \
  -prune -exec rm -rf {} +
find "$modules" -type d -empty -delete
