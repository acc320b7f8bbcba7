#!/bin/sh
# Builds, in a folder of sources, what the image holds, and lays it out in the folder that is given.
# The Dockerfile runs it, and so does check-image.sh where no container engine is at hand.
set -eu
out=${1:?the folder to lay out the image in}

# No package's install script is needed, so none runs.
npm ci --include=dev --ignore-scripts
node tools/build.mjs
# The embedded servers are the optional packages: a container is given its Kafka and PostgreSQL.
npm prune --omit=dev --omit=optional --ignore-scripts

mkdir -p "$out"
for room in libs/* apps/*; do
  [ -d "$room/dist" ] || continue
  mkdir -p "$out/$room"
  cp -R "$room/package.json" "$room/dist" "$out/$room/"
  if [ -d "$room/bin" ]; then cp -R "$room/bin" "$out/$room/"; fi
  if [ -d "$room/node_modules" ]; then cp -R "$room/node_modules" "$out/$room/"; fi
done
cp -R node_modules package.json LICENSE deploy/entrypoint.mjs deploy/probe.mjs "$out/"
# The tests' package is a link to a folder that the image does not have.
rm -f "$out/node_modules/@tidings/test"
