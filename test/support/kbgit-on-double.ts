// The command line in a process of its own, with a double of the library whose behaviour depends on the names of the
// inputs.
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { processHost } from '../../src/cli/host.ts'
import { main } from '../../src/cli/main.ts'
import { KbError } from '../../src/core/errors.ts'
import type { AddOptions } from '../../src/index.ts'
import { ADDED, ANSWERED, LISTED, libraryDouble } from './kb-double.ts'

const MINUTE_MS = 60_000
const document = LISTED.documents[0]

const { library } = libraryDouble({
  list: () => ({
    ...LISTED,
    documents: Array.from({ length: 5_000 }, (_, n) => ({ ...document, name: `paper-${n}` })),
  }),
  'session.ask': async (question: string, { signal }: { signal: AbortSignal }) => {
    if (question !== 'slow') return ANSWERED
    await wait(MINUTE_MS, undefined, { signal }).catch(() => {})
    throw new KbError('interrupted', 'The answer was left.')
  },
  /** `slow` runs until it is stopped; `stuck` does not react. */
  add: async ([input]: string[], { signal, onProgress }: AddOptions) => {
    onProgress?.({ kind: 'planned', total: 3, skipped: 0 })
    onProgress?.({
      kind: 'done',
      path: '/in/bad.pdf',
      outcome: 'failed',
      done: 1,
      total: 3,
      message: '/in/bad.pdf is empty.',
      hint: 'Fill it.',
    })
    onProgress?.({ kind: 'prepare', path: `/in/${input}.pdf`, worker: 0 })
    if (input === 'stuck') await wait(MINUTE_MS)
    if (input === 'slow' && signal !== undefined) {
      await Promise.race([wait(MINUTE_MS, undefined, { signal }), once(signal, 'abort')]).catch(() => {})
      throw new KbError('interrupted', 'The document in hand was undone.')
    }
    return ADDED
  },
})

await main(process.argv.slice(2), { ...processHost(), library: async () => library })
