// Generates completion scripts for shells from the descriptions of the commands. Pure.
import type { OptionSpec, OptionSpecs } from './command.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export type Completed = {
  name: string
  summary: string
  options: OptionSpecs
  /** The words that may follow; if there are none, file names. */
  words: readonly string[]
}

/** A script that completes commands, their options and the words that they accept; file names elsewhere. */
export function completionScript(shell: Shell, commands: readonly Completed[], globals: OptionSpecs): string {
  switch (shell) {
    case 'bash':
      return bash(commands, globals)
    case 'zsh':
      return zsh(commands, globals)
    case 'fish':
      return fish(commands, globals)
  }
}

function bash(commands: readonly Completed[], globals: OptionSpecs): string {
  const cases = commands.map(({ name, options, words }) => {
    const dashed = dashedNames({ ...options, ...globals }).join(' ')
    return `    ${name}) options='${dashed}' words='${words.join(' ')}' ;;`
  })
  return `# bash completion for kbgit: eval "$(kbgit completion bash)"
_kbgit() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= options words at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      --kb) ((at++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  case $command in
    '') options='${dashedNames(globals).join(' ')}' words='${commands.map(({ name }) => name).join(' ')}' ;;
${cases.join('\n')}
  esac
  COMPREPLY=()
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif [[ -n $words ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  fi
}
complete -o default -F _kbgit kbgit
`
}

function zsh(commands: readonly Completed[], globals: OptionSpecs): string {
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`)
  const cases = commands.map(({ name, options, words }) => {
    const rest = words.length > 0 ? `'1:what:(${words.join(' ')})'` : `'*:file:_files'`
    return `        ${name}) _arguments ${[...zshOptions({ ...options, ...globals }), rest].join(' ')} ;;`
  })
  return `#compdef kbgit
# zsh completion for kbgit: kbgit completion zsh > "\${fpath[1]}/_kbgit"
_kbgit() {
  local context state line
  local -a commands
  typeset -A opt_args
  commands=(
${described.join('\n')}
  )
  _arguments -C ${zshOptions(globals).join(' ')} '1:command:->command' '*::rest:->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}
if [ "$funcstack[1]" = _kbgit ]; then _kbgit "$@"; else compdef _kbgit kbgit; fi
`
}

function zshOptions(options: OptionSpecs): string[] {
  return visible(options).map(([name, spec]) => {
    const what = spec.describe.replace(/[[\]:\\]/g, '\\$&')
    return quoted(`--${name}${takesValue(spec) ? '=' : ''}[${what}]${takesValue(spec) ? ':value:_files' : ''}`)
  })
}

function fish(commands: readonly Completed[], globals: OptionSpecs): string {
  const names = commands.map(({ name }) => name).join(' ')
  const none = quoted(`not __fish_seen_subcommand_from ${names}`)
  const lines = ['# fish completion for kbgit: kbgit completion fish > ~/.config/fish/completions/kbgit.fish']
  for (const [name, spec] of visible(globals)) lines.push(fishOption(name, spec))
  for (const { name, summary, options, words } of commands) {
    lines.push(`complete -c kbgit -f -n ${none} -a ${name} -d ${quoted(summary)}`)
    const within = quoted(`__fish_seen_subcommand_from ${name}`)
    for (const [option, spec] of visible(options)) lines.push(`${fishOption(option, spec)} -n ${within}`)
    if (words.length > 0) lines.push(`complete -c kbgit -f -n ${within} -a ${quoted(words.join(' '))}`)
  }
  return `${lines.join('\n')}\n`
}

function fishOption(name: string, spec: OptionSpec): string {
  const short = spec.alias === undefined ? '' : ` -s ${spec.alias}`
  return `complete -c kbgit -l ${name}${short}${takesValue(spec) ? ' -r' : ''} -d ${quoted(spec.describe)}`
}

function visible(options: OptionSpecs): [string, OptionSpec][] {
  return Object.entries(options).filter(([, spec]) => spec.hidden !== true)
}

function dashedNames(options: OptionSpecs): string[] {
  return visible(options).flatMap(([name, spec]) =>
    spec.alias === undefined ? [`--${name}`] : [`--${name}`, `-${spec.alias}`],
  )
}

function takesValue(spec: OptionSpec): boolean {
  return spec.type !== 'flag' && !(spec.type === 'text' && spec.optional === true)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
