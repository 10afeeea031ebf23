import { isAbsolute, join, normalize } from 'node:path'
import { KbError } from '../../core/errors.ts'
import type { InitResult } from '../../index.ts'
import { command } from '../command.ts'
import { shortCommit } from '../outcome.ts'
import { inline } from '../text.ts'

export const init = command({
  name: 'init',
  usage: '[dir]',
  arity: [0, 1],
  details:
    'Creates a git repository if there is none. In an existing one it touches only its own files and commits them\n' +
    'in one commit. In a subfolder of a repository, that folder becomes the base. Running it again is harmless.\n' +
    'With --bare the base is headless: a bare repository for servers and pipelines, which every command takes as --kb.\n' +
    'Nothing is written to a work tree there; a normal clone of it is a normal base.',
  options: {
    model: {
      type: 'text',
      value: 'model',
      describe: 'builtin (default), agent, or provider/model such as openai/gpt-5',
    },
    language: { type: 'text', value: 'tag', describe: 'Language of the wiki, e.g. en or de (default: en)' },
    bare: { type: 'flag', describe: 'Make a headless base: a bare repository, on the branch of --branch' },
    'kb-dir': {
      type: 'text',
      value: 'folder',
      describe: 'Make the base in this subfolder, beside raw/, documents/ and wiki/ of your own',
    },
    adopt: {
      type: 'flag',
      describe: 'Keep files that are in raw/, documents/ or wiki/, although they cannot be added',
    },
    'no-hooks': { type: 'flag', describe: 'Do not install git hooks' },
  },
  examples: [
    ['kbgit init', 'turn the current folder into a knowledge base'],
    ['kbgit init notes --language de', 'create one in notes/, with a German wiki'],
    ['kbgit init --kb-dir kb', 'in a repository with documentation of its own, in its folder kb/'],
    ['kbgit init --bare notes.git', 'create a headless base, for a server'],
    ['kbgit init --model anthropic/claude-sonnet-4-5', 'let a model write the wiki'],
  ],
  async run({ args, flags, dir, branch, library, surroundings }) {
    const named = args[0]
    if (named !== undefined && dir !== undefined && named !== dir) {
      throw new KbError('usage', `Two folders were given: ${named} and, with --kb, ${dir}.`, {
        hint: 'Give only one of them.',
      })
    }
    const target = subfolder(named ?? dir, flags['kb-dir'])
    const { initKb } = await library()
    const result = await initKb({
      ...(await surroundings()),
      dir: target,
      model: flags.model,
      language: flags.language,
      hooks: !flags['no-hooks'],
      adopt: flags.adopt,
      bare: flags.bare,
      branch,
    })
    return { value: result, message: sayInit(result, flags['kb-dir'] !== undefined) }
  },
})

/** The folder of the base. Throws `KbError` (`usage`) if it is not inside of the one that was named. */
function subfolder(dir: string | undefined, folder: string | undefined): string | undefined {
  if (folder === undefined) return dir
  const place = normalize(folder)
  if (folder === '' || isAbsolute(place) || place === '.' || place.split(/[/\\]/).includes('..'))
    throw new KbError('usage', `--kb-dir ${folder} is not a subfolder.`, {
      hint: 'For example: kbgit init --kb-dir kb',
    })
  return join(dir ?? '.', place)
}

/** `isElsewhere`: not in the current folder, where commands would find it. */
function sayInit({ root, commit, hooks, headless }: InitResult, isElsewhere: boolean): string {
  const installed = Object.entries(hooks)
    .filter(([, state]) => state === 'installed')
    .map(([name]) => name)
  if (commit === null) {
    if (headless === true) return `${inline(root)} is already a headless base; nothing in it was changed.`
    const own = ['the merge driver', ...(installed.length > 0 ? [`hooks (${installed.join(', ')})`] : [])]
    return `${inline(root)} is already a knowledge base; nothing in it was changed.\nThis clone's git has: ${own.join(', ')}.`
  }
  return [
    `Created a ${headless === true ? 'headless base' : 'knowledge base'} in ${inline(root)} (commit ${shortCommit(commit)}).`,
    ...(installed.length > 0 ? [`Git hooks: ${installed.join(', ')}.`] : []),
    headless === true || isElsewhere
      ? `Next: kbgit --kb ${inline(root)} add <files, folders, URLs>`
      : 'Next: kbgit add <files, folders, URLs>',
  ].join('\n')
}
