import { basename } from 'node:path'
import { KbError } from '../../core/errors.ts'
import type { CompletionResult } from '../../index.ts'
import { command, GLOBAL_OPTIONS } from '../command.ts'
import { COMMAND_NAMES, COMMANDS } from '../commands.ts'
import { completionScript, SHELLS, type Completed, type Shell } from '../completion-script.ts'
import { TOPIC_SUMMARIES } from '../topics.ts'
import { inline } from '../text.ts'

/** Commands whose arguments are fixed words. */
const WORDS: Record<string, readonly string[]> = {
  hooks: ['install', 'uninstall', 'status'],
  completion: SHELLS,
  help: [...COMMAND_NAMES, ...Object.keys(TOPIC_SUMMARIES)],
}

export const completion = command({
  name: 'completion',
  usage: '[bash|zsh|fish]',
  arity: [0, 1],
  details: 'Prints a script for your shell (default: the one that SHELL names); its first line says where to put it.',
  options: {},
  examples: [
    ['eval "$(kbgit completion bash)"', 'in ~/.bashrc'],
    ['kbgit completion zsh > "${fpath[1]}/_kbgit"', 'once, for zsh'],
    ['kbgit completion fish > ~/.config/fish/completions/kbgit.fish', 'once, for fish'],
  ],
  async run({ args, host }) {
    const shell = shellNamed(args[0] ?? basename(host.env['SHELL'] ?? ''))
    const script = completionScript(shell, await completed(), GLOBAL_OPTIONS)
    return { value: { shell, script } satisfies CompletionResult, text: script }
  },
})

function shellNamed(name: string): Shell {
  const shell = SHELLS.find((each) => each === name)
  if (shell !== undefined) return shell
  const message = name === '' ? 'Your shell could not be detected.' : `There is no completion for "${inline(name)}".`
  throw new KbError('usage', message, { hint: `Name one of ${SHELLS.join(', ')}.` })
}

function completed(): Promise<Completed[]> {
  return Promise.all(
    COMMANDS.filter((entry) => entry.hidden !== true).map(async ({ name, summary, load }) => {
      const { options } = await load()
      return { name, summary, options, words: WORDS[name] ?? [] }
    }),
  )
}
