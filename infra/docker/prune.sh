#!/bin/sh
# Removes from an app's folder what Node never loads: types, TypeScript sources, source maps, documentation, tests and
# builds for browsers and bundlers. Also the state files of pnpm: their timestamps would change the layer each time.
set -eu
cd "$1"
find . -type f -regextype posix-extended -regex '.*(\.(map|ts|mts|cts|md)|\.(spec|test)\.[cm]?js)' -delete
find node_modules/.pnpm -type d -regextype posix-extended \
  -regex '.*/node_modules/(@[^/]+/)?[^/@]+/((tests?|__tests__|specs?|docs?|examples?|bench|benchmarks?)|((build|dist)/)?(browser|bundles?|umd|esm5|esnext))' \
  -prune -exec rm -r {} +
rm -f node_modules/.modules.yaml node_modules/.pnpm-workspace-state-v1.json pnpm-lock.yaml pnpm-workspace.yaml
chmod -R a+rX . # whatever the modes of the clone
