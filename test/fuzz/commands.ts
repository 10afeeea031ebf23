// The commands that a case chooses from, through the public API, and as a person types them.
import { join } from 'node:path'
import type { Kb } from '../../src/index.ts'
import type { Place } from './place.ts'

export type Command = {
  name: string
  run: (kb: Kb, place: Place) => Promise<unknown>
  /** Default: the words of the name. null: a conversation, which the command line reads from a terminal. */
  argv?: ((place: Place) => string[]) | null
}

/** The arguments of the command line; undefined if it has no such command. */
export function argvOf({ name, argv }: Command, place: Place): string[] | undefined {
  if (argv === null) return undefined
  return argv === undefined ? name.split(' ') : argv(place)
}

export const READING: Command[] = [
  { name: 'list', run: (kb) => kb.list() },
  { name: 'status', run: (kb) => kb.status() },
  { name: 'show wiki/index.md', run: (kb) => kb.show('wiki/index.md') },
  { name: 'show tide', run: (kb) => kb.show('tide') },
  { name: 'show summaries/handbook', run: (kb) => kb.show('summaries/handbook') },
  { name: 'show --raw tide', run: async (kb) => drain((await kb.showRaw('tide')).chunks) },
  { name: 'search', run: (kb) => kb.search('spring tide gauge'), argv: () => ['search', 'spring', 'tide', 'gauge'] },
  {
    name: 'search --kind node',
    run: (kb) => kb.search('gauges storms', { kinds: ['node', 'source'] }),
    argv: () => ['search', '--kind', 'node,source', 'gauges', 'storms'],
  },
  {
    name: 'query',
    run: (kb) => kb.query('Who reads the tide gauge?'),
    argv: () => ['query', 'Who reads the tide gauge?'],
  },
  { name: 'log', run: (kb) => kb.log() },
  { name: 'log tide', run: (kb) => kb.log({ of: 'tide' }) },
  {
    name: 'blame',
    run: (kb) => kb.blame('wiki/concepts/Spring-tide.md'),
    argv: () => ['blame', 'wiki/concepts/Spring-tide.md'],
  },
  { name: 'fsck --blobs', run: (kb) => kb.fsck({ blobs: true }) },
  { name: 'chat --list', run: (kb) => kb.chat.list() },
]

export const WRITING: Command[] = [
  { name: 'lint', run: (kb) => kb.lint() },
  { name: 'lint --fix', run: (kb) => kb.lint({ fix: true }) },
  { name: 'recompile --all', run: (kb) => kb.recompile({ all: true }), argv: () => ['recompile', '--all', '-y'] },
  {
    name: 'recompile handbook',
    run: (kb) => kb.recompile({ document: 'handbook' }),
    argv: () => ['recompile', '-y', 'handbook'],
  },
  { name: 'remove tide', run: (kb) => kb.remove('tide'), argv: () => ['remove', '-y', 'tide'] },
  { name: 'remove handbook', run: (kb) => kb.remove('handbook'), argv: () => ['remove', '-y', 'handbook'] },
  {
    name: 'remove buoy --keep-raw',
    run: (kb) => kb.remove('buoy', { keepRaw: true, keepEmpty: true }),
    argv: () => ['remove', '-y', 'buoy', '--keep-raw', '--keep-empty'],
  },
  {
    name: 'add a file',
    run: (kb, { target }) => kb.add([join(target, 'note.md')], { jobs: 1 }),
    argv: ({ target }) => ['add', join(target, 'note.md')],
  },
  {
    name: 'add what failed',
    run: (kb, { target }) => kb.add([join(target, 'note.md')], { jobs: 1, retryFailed: true }),
    argv: ({ target }) => ['add', '--retry-failed', join(target, 'note.md')],
  },
  {
    name: 'query --save',
    run: (kb) => kb.query('Who paints the buoy?', { save: true }),
    argv: () => ['query', '--save', 'Who paints the buoy?'],
  },
  { name: 'recover', run: (kb) => kb.recover() },
  { name: 'recover --rebuild', run: (kb) => kb.recover({ rebuild: true }) },
  { name: 'gc', run: (kb) => kb.gc({ answers: true }), argv: () => ['gc', '--answers'] },
  { name: 'hooks status', run: (kb) => kb.hooks.status() },
  { name: 'chat --resume', run: async (kb) => (await kb.chat.resume()).ask('And the ledger?'), argv: null },
  { name: 'chat /save', run: async (kb) => (await kb.chat.resume()).save(), argv: null },
  { name: 'chat --delete', run: (kb) => kb.chat.delete('fuzz'), argv: () => ['chat', '--delete', 'fuzz'] },
]

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of chunks) void chunk
}
