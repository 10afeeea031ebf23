#!/bin/sh
# kbgit's merge driver with file names that two runs share, because those of git are random.
#
# $1 node, $2 kbgit, then as git calls it: ancestor, ours, theirs, path
node=$1
kbgit=$2
name=.merge-$(printf %s "$6" | tr / -)
cp "$3" "$name.ancestor" && cp "$4" "$name.ours" && cp "$5" "$name.theirs" || exit 129
"$node" "$kbgit" merge-driver "$name.ancestor" "$name.ours" "$name.theirs" "$6"
code=$?
cp "$name.ours" "$4"
rm -f "$name.ancestor" "$name.ours" "$name.theirs"
exit $code
