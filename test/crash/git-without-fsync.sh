#!/bin/sh
# git as it is by itself: what kbgit tells it about fsync is taken out. For the test that must fail.
count=$#
while [ $count -gt 0 ]; do
  word=$1
  shift
  count=$((count - 1))
  if [ "$word" = -c ]; then
    case $1 in
      core.fsync*) shift; count=$((count - 1)); continue ;;
    esac
  fi
  set -- "$@" "$word"
done
exec "$WHOLE_GIT" "$@"
