#!/bin/sh
# Leaves what a process loads: no types, source maps, documentation. Readable to all, whatever the modes of the clone.
set -eu
cd "$1"
find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' -o -name '*.tsbuildinfo' \) -delete
chmod -R a+rX .
