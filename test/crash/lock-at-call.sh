#!/bin/sh
# Reads what strace prints about the call that it holds back, takes git's index lock as another git would, and saves the
# text. The last line says whether the lock was free.
#
# $1 the file for the text, $2 the lock
first=$(head -c 8)
said=
if [ -n "$first" ]; then
  if (set -C && : >"$2") 2>/dev/null; then said=LOCKED; else said=TAKEN; fi
fi
{ printf %s "$first"; cat; printf '\n%s\n' "$said"; } >"$1"
