#!/usr/bin/env bash
# Packs the project as npm would publish it, installs it into an empty folder, and uses it there.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm pack --silent --pack-destination "$folder" >/dev/null
mkdir "$folder/app"
cd "$folder/app"
npm init -y >/dev/null
npm install --no-audit --no-fund "$folder"/kbgit-*.tgz >/dev/null
PATH="$PWD/node_modules/.bin:$PATH"
kbgit --version
kbgit init base
printf '# Tides\n\nThe moon pulls the ocean. Spring tides follow the new moon.\n' >tides.md
kbgit add --kb base tides.md
kbgit search --kb base 'spring tides'
kbgit fsck --kb base
cat >api.mjs <<'JS'
import { openKb } from 'kbgit'
await using kb = await openKb({ dir: 'base', env: process.env })
const { documents } = await kb.list()
if (documents.length !== 1) throw new Error('the API lists another number of documents')
JS
node api.mjs
