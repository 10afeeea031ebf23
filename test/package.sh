#!/usr/bin/env bash
# Packs the project as npm would publish it, installs it as a user would, and uses it: the command from a global
# installation, the API from an application. What it makes is compared with what the checkout makes.
set -euo pipefail
cd "$(dirname "$0")/.."
checkout=$PWD
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { printf 'package: %s\n' "$*" >&2; exit 1; }

npm pack --silent --pack-destination "$folder" >/dev/null
npm install --global --prefix "$folder/global" --ignore-scripts=false --no-audit --no-fund --no-update-notifier \
  "$folder"/kbgit-*.tgz >"$folder/install.log" 2>&1 || fail "npm install failed: $(cat "$folder/install.log")"
if grep -i warn "$folder/install.log"; then fail 'npm warns its users'; fi
package=$folder/global/lib/node_modules/kbgit
size=$(du -sm "$package" | cut -f1)
printf 'installed: %s MB, %s packages\n' "$size" "$(find "$package" -name package.json -path '*/node_modules/*' | grep -cE 'node_modules/(@[^/]+/)?[^/]+/package.json$')"
[ "$size" -lt 250 ] || fail "it takes $size MB, more than 250"
scripts=$(find "$package" -name package.json -path '*node_modules/*' -exec grep -lE '"(pre|post)?install" *:' {} +) || true
[ -z "$scripts" ] || fail "install scripts: $scripts"

export PATH="$folder/global/bin:$PATH" SOURCE_DATE_EPOCH=1800000000
export GIT_AUTHOR_NAME=Test GIT_AUTHOR_EMAIL=test@localhost GIT_COMMITTER_NAME=Test GIT_COMMITTER_EMAIL=test@localhost
node "$checkout/test/support/write-documents.ts" "$folder/documents"
cd "$folder"
[ "$(kbgit --version)" = "$(node -p 'require(process.argv[1]).version' "$checkout/package.json")" ] || fail 'kbgit --version'
make() { # <base> <kbgit…>
  local base=$1
  shift
  "$@" init --no-hooks "$base" >/dev/null
  "$@" add --quiet --kb "$base" documents
  git -C "$base" rev-parse 'HEAD^{tree}'
}
installed=$(make installed kbgit)
source=$(make source node "$checkout/bin/kbgit.js")
[ "$installed" = "$source" ] || fail "the wiki differs from the checkout's: $(diff -r -x .git installed source)"
kbgit search --kb installed 'spring tides' | head -n 2
kbgit fsck --kb installed

mkdir app
cd app
npm init -y >/dev/null
npm install --no-audit --no-fund --no-update-notifier "$folder"/kbgit-*.tgz >/dev/null
cat >api.mjs <<'JS'
import { openKb } from 'kbgit'
await using kb = await openKb({ dir: '../installed', env: process.env })
const { documents } = await kb.list()
if (documents.length !== 14) throw new Error(`the API lists ${documents.length} documents`)
JS
node api.mjs
