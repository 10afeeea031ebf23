#!/bin/sh
# git with its own settings: kbgit's options about fsync are removed. For the control, which must fail.
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
