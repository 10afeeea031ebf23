#!/bin/sh
# Run by git's hooks as: sh <sidecar>/hooks/run <hook> <arguments of the hook>
# Brings a knowledge base in line with a HEAD that moved, and finishes what a dead run left. It only redoes work that
# was decided, and never fails the git command that it runs under. It holds it up only after a merge that gave a document
# another name: the document comes in then, in a commit of its own.

# Large originals go with the commits. git's input and arguments are git-lfs's, and its failure stops the push.
if [ "${1-}" = pre-push ]; then
  shift
  [ -d "${0%/kbgit/hooks/run}/lfs/objects" ] || [ -n "$(git config lfs.storage)" ] || exit 0
  if command -v git-lfs >/dev/null 2>&1; then
    if git lfs version >/dev/null 2>&1; then exec git lfs pre-push "$@"; fi
    echo 'kbgit: git-lfs is installed but does not run ("git lfs version" shows why), so nothing was pushed.' >&2
    exit 1
  fi
  : >"${0%/hooks/run}/unsent"
  echo 'kbgit: large originals are not sent, because git-lfs is not installed.' >&2
  exit 0
fi

# kbgit's own git commands: without this a recovery could start another.
[ -z "${KBGIT_IN_HOOK-}" ] || exit 0

hook=${1-}
sidecar=${0%/hooks/run}

due=
for intent in "$sidecar"/journal/*; do
  [ ! -e "$intent" ] || due=now
  break
done
# Whether the merge driver gave a document another name.
renamed() {
  [ -f "$sidecar/merge-names.json" ] || return 1
  while IFS= read -r note || [ -n "$note" ]; do
    case $note in *'"renames":[{'*) return 0 ;; esac
  done <"$sidecar/merge-names.json"
  return 1
}

case $hook in
  post-checkout) [ -n "$due" ] || { [ "${4-}" = 1 ] && [ "${2-}" != "${3-}" ]; } || exit 0 ;;
  post-merge) [ -n "$due" ] || [ "${2-}" = 0 ] || exit 0 ;;
  post-rewrite) ;;
  # A commit moves HEAD all the time, and the next command of kbgit sees it; but it may end a merge with a conflict.
  post-commit) [ -n "$due" ] || ! renamed || due=now; [ -n "$due" ] || exit 0 ;;
  *) [ -n "$due" ] || exit 0 ;;
esac

# This worktree's git directory, without starting git: the hook runs at the top of the worktree.
own=${GIT_DIR-}
if [ -n "$own" ]; then :
elif [ -d .git ]; then own=.git
elif [ -f .git ]; then
  IFS= read -r own <.git
  own=${own#gitdir: }
else
  own=$(git rev-parse --git-dir 2>/dev/null) || exit 0
fi

under_way() {
  for state in rebase-merge rebase-apply sequencer MERGE_HEAD CHERRY_PICK_HEAD REVERT_HEAD BISECT_LOG BISECT_START; do
    [ ! -e "$own/$state" ] || return 0
  done
  return 1
}

# git removes the traces of a merge or a rebase only after it ran these two, so they are waited for in the background.
case $hook in
  post-merge)
    due=
    ! renamed || due=now
    ;;
  post-rewrite) due= ;;
  *) ! under_way || exit 0 ;;
esac

# git exports its own repository to hooks; kbgit finds it by itself (the names: git rev-parse --local-env-vars).
unset GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_CONFIG GIT_CONFIG_COUNT GIT_CONFIG_PARAMETERS GIT_DIR \
  GIT_GRAFT_FILE GIT_IMPLICIT_WORK_TREE GIT_INDEX_FILE GIT_INTERNAL_SUPER_PREFIX GIT_NAMESPACE \
  GIT_NO_REPLACE_OBJECTS GIT_OBJECT_DIRECTORY GIT_PREFIX GIT_QUARANTINE_PATH GIT_REPLACE_REF_BASE GIT_SHALLOW_FILE \
  GIT_WORK_TREE
KBGIT_IN_HOOK=1
export KBGIT_IN_HOOK

if @EXISTS@; then
  set -- @COMMAND@
elif command -v kbgit >/dev/null 2>&1; then
  set -- kbgit
else
  exit 0
fi

# recover <seconds> <command...>: for each base of this repository that is checked out here.
recover() {
  seconds=$1
  shift
  if command -v timeout >/dev/null 2>&1; then set -- timeout "$seconds" "$@"; fi
  while IFS= read -r base; do
    [ ! -f "$base/kbgit.yaml" ] || "$@" --kb "$PWD/$base" recover --hook </dev/null
  done <"$sidecar/hooks/bases"
}

# One at a time in a worktree; a HEAD that moves meanwhile makes the one that runs go round again.
recover_alone() {
  name=$sidecar/hooks/${own##*/}
  true >"$name.due" || exit 0
  me=$(exec sh -c 'echo "$PPID"')
  echo "$me" >"$name.$me" || exit 0
  if ! ln "$name.$me" "$name.running"; then
    IFS= read -r other <"$name.running"
    ! kill -0 "$other" || { rm -f "$name.$me"; exit 0; }
    rm -f "$name.running"
    ln "$name.$me" "$name.running" || { rm -f "$name.$me"; exit 0; }
  fi
  rm -f "$name.$me"
  rounds=0
  while [ -e "$name.due" ] && [ "$rounds" -lt 5 ]; do
    rounds=$((rounds + 1))
    rm -f "$name.due"
    seconds=0
    while under_way && [ "$seconds" -lt 10 ]; do
      seconds=$((seconds + 1))
      sleep 1
    done
    under_way || recover 600 "$@"
  done
  rm -f "$name.running"
}

if [ -n "$due" ] && command -v timeout >/dev/null 2>&1; then
  # Someone waits: soon or not at all, and a word only where something was done.
  seconds=10
  ! renamed || seconds=60
  said=$(recover "$seconds" "$@" 2>&1) && [ -n "$said" ] && printf '%s\n' "$said" >&2
else
  # A subshell of its own: a function's caller would keep the old output open, and whoever reads git's would wait for us.
  (recover_alone "$@") </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
fi
exit 0
