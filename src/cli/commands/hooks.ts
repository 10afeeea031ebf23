import { KbError } from '../../core/errors.ts'
import type { Hooks, HookStates } from '../../index.ts'
import { command } from '../command.ts'
import { suggest } from '../suggest.ts'
import { columns, inline } from '../text.ts'

const ACTIONS = ['install', 'uninstall', 'status'] as const

export const hooks = command({
  name: 'hooks',
  usage: 'install|uninstall|status',
  arity: [1, 1],
  details:
    'The hooks update the sidecar after git moves the branch (checkout, merge, commit, rebase). They run alongside\n' +
    'your own hooks and never fail or delay a git command. kbgit also works without them.',
  options: {},
  examples: [
    ['kbgit hooks status', 'show what is installed'],
    ['kbgit hooks install', 'install them, e.g. after cloning'],
  ],
  async run({ args, kb }) {
    const action = actionNamed(args[0] ?? '')
    const result = await act((await kb()).hooks, action)
    const text = sayHooks(result)
    return { value: result, ...(action === 'status' ? { text } : { message: text }) }
  },
})

function actionNamed(word: string): (typeof ACTIONS)[number] {
  const action = ACTIONS.find((each) => each === word)
  if (action !== undefined) return action
  const meant = suggest(word, ACTIONS)
  const message = `kbgit hooks has no action "${inline(word)}": use ${ACTIONS.join(', ')}.`
  throw new KbError('usage', message, meant === undefined ? {} : { hint: `Did you mean "kbgit hooks ${meant}"?` })
}

function act(hooks: Hooks, action: (typeof ACTIONS)[number]): Promise<{ path: string; hooks: HookStates }> {
  switch (action) {
    case 'install':
      return hooks.install()
    case 'uninstall':
      return hooks.uninstall()
    case 'status':
      return hooks.status()
  }
}

function sayHooks({ path, hooks }: { path: string; hooks: HookStates }): string {
  return `${inline(path)}\n${columns(Object.entries(hooks).map(([name, state]) => [`  ${name}`, state]))}`
}
