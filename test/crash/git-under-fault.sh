#!/bin/sh
# Comes before git on the PATH of a command under test. It runs every git unchanged except one, which runs under strace
# and is hit there. git's own children also come here, because GIT_EXEC_PATH names this folder. Its settings are in a file
# next to it: kbgit does not pass every variable on to git.
#
# FAULT_DIR   a folder to count calls in
# FAULT_GIT   subcommand and number of the call to hit, e.g. update-ref.1; with the option -d, update-ref-d.1
# FAULT_SPEC  strace's -e inject=…, without the prefix
# FAULT_TRACE the calls to trace
# FAULT_PATH  the file that they must be on; empty: any
# FAULT_DEATH `all`: whoever started it dies with it; `git`: it alone
# FAULT_LOCK  if not empty: nothing dies, but another git takes this lock before it starts
. "${0%/*}/fault"
name=
skip=
for word in "$@"; do
  if [ -n "$skip" ]; then skip=; continue; fi
  if [ -n "$name" ]; then [ "$word" = -d ] && name=$name-d; break; fi
  if [ "$word" = -c ]; then skip=1; continue; fi
  name=$word
done
n=1
until mkdir "$FAULT_DIR/$name.$n" 2>/dev/null; do n=$((n + 1)); done
[ "$name.$n" = "$FAULT_GIT" ] || exec "$FAULT_REAL_GIT" "$@"
if [ -n "$FAULT_LOCK" ]; then
  if (set -C && : >"$FAULT_LOCK") 2>/dev/null; then echo LOCKED; else echo TAKEN; fi >"$FAULT_DIR/log"
  exec "$FAULT_REAL_GIT" "$@"
fi
strace -qq -o "$FAULT_DIR/log" ${FAULT_PATH:+-P "$FAULT_PATH"} -e "trace=$FAULT_TRACE" -e "inject=$FAULT_SPEC" "$FAULT_REAL_GIT" "$@"
code=$?
[ $code -eq 137 ] || exit $code
[ "$FAULT_DEATH" = all ] && kill -9 "$(cat "$FAULT_DIR/kbgit.pid")" "$PPID" 2>/dev/null
kill -9 $$
