// What kbgit adds to a git hook: a marked block with one command, right after the first line, so that it also runs in
// hooks that end in `exec` or `exit`. Files are byte strings (latin1), so that everything else in them stays unchanged.

export const HOOKS = ['post-checkout', 'post-merge', 'post-commit', 'post-rewrite', 'pre-push'] as const
export type HookName = (typeof HOOKS)[number]

const BEGIN = '# >>> kbgit >>>'
const END = '# <<< kbgit <<<'
const WHOLE_FILE = "this file is kbgit's"
const LINE_END = 'the first line had no line end'
const FIRST_LINE = '#!/bin/sh\n'

const BLOCK = new RegExp(`^${BEGIN}(.*)\\n(.*)\\n${END}\\n`, 'm')
/**
 * Shells that run the block as intended. A carriage return at the end is part of the program's name, so it is not a
 * shell.
 */
const SHELL = /^#!\s*(?:\/\S*\/)?(?:env\s+(?:-S\s+)?)?(?:\/\S*\/)?(?:sh|bash|dash|ash|ksh)(?:[ \t][^\r]*)?$/

/**
 * The command that runs the script at `path` (a shell word). Safe under `sh -eu`. It reads no input and never fails,
 * but for `pre-push`: there it leaves the input to the rest of the hook, and its failure is the hook's.
 */
export function hookCommand(path: string, hook: HookName): string {
  if (hook === 'pre-push')
    return `if [ -f ${path} ]; then cat >${path}.$$ && sh ${path} ${hook} "$@" <${path}.$$ || { rm -f ${path}.$$; exit 1; }; exec <${path}.$$; rm -f ${path}.$$; fi`
  return `[ ! -f ${path} ] || sh ${path} ${hook} "$@" </dev/null || :`
}

/** The same for any repository and any clone of it, at the cost of one git process. */
export function portableHookCommand(hook: HookName): string {
  const command = `kbgit="$(git rev-parse --git-common-dir)/kbgit/hooks/run"; ${hookCommand('"$kbgit"', hook)}`
  // A subshell could not leave the input to the rest of the hook.
  return hook === 'pre-push' ? command : `(${command})`
}

/** `text` quoted as one shell word. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

export function isShellScript(file: string): boolean {
  return SHELL.test(file.split('\n', 1)[0] ?? '')
}

/** The command in the block, or undefined if there is no block. */
export function installedCommand(file: string): string | undefined {
  return BLOCK.exec(file)?.[2]
}

/** Whether a person added the command by hand. */
export function mentionsHook(file: string): boolean {
  return file.includes('/kbgit/hooks/run')
}

/** Whether a `pre-push` hook sends git-lfs's objects by itself, as the one that `git lfs install` makes. */
export function sendsLfs(file: string): boolean {
  return /^(?!\s*#).*\bgit[ -]lfs pre-push\b/m.test(file)
}

export function newHook(command: string): string {
  return FIRST_LINE + block(WHOLE_FILE, command)
}

/** `file` with the block, replacing an existing one. */
export function withBlock(file: string, command: string): string {
  const found = BLOCK.exec(file)
  if (found !== null) {
    const [whole, , old = ''] = found
    return file.replace(whole, () => whole.replace(`\n${old}\n`, () => `\n${command}\n`))
  }
  const end = file.indexOf('\n')
  return end === -1
    ? `${file}\n${block(LINE_END, command)}`
    : file.slice(0, end + 1) + block('', command) + file.slice(end + 1)
}

/** `file` as it was before, or undefined if there was none. */
export function withoutBlock(file: string): string | undefined {
  const found = BLOCK.exec(file)
  if (found === null) return file
  const [whole, note = ''] = found
  const rest = file.replace(whole, '')
  if (note.includes(WHOLE_FILE) && rest === FIRST_LINE) return undefined
  return note.includes(LINE_END) && rest.indexOf('\n') === rest.length - 1 ? rest.slice(0, -1) : rest
}

function block(note: string, command: string): string {
  return `${BEGIN} "kbgit hooks uninstall" removes these lines${note === '' ? '' : `; ${note}`}\n${command}\n${END}\n`
}

/** The script for the sidecar: `template` with the command that starts kbgit. Its absolute paths are tried first. */
export function hookRunner(template: string, command: readonly string[]): string {
  const exists = command.filter((word) => word.startsWith('/')).map((word) => `[ -e ${shellWord(word)} ]`)
  return template
    .replace('@EXISTS@', () => (exists.length === 0 ? 'true' : exists.join(' && ')))
    .replace('@COMMAND@', () => command.map(shellWord).join(' '))
}
