import type { WorkerEvent } from '../../index.ts'
import { command, JOBS_OPTION } from '../command.ts'
import { warningLine } from '../sentences.ts'
import { counted, inline } from '../text.ts'

export const worker = command({
  name: 'worker',
  details:
    'Takes documents from a queue on Redis, converts and analyses them, and returns the result to the "kbgit add --queue"\n' +
    'that asked for it. It needs no knowledge base, only the same version of kbgit. Ctrl-C or SIGTERM ends it after the\n' +
    'documents in hand; if it dies, another worker takes them.',
  options: {
    queue: { type: 'text', value: 'url', describe: 'Redis, as redis:// or rediss:// (TLS) (default: KBGIT_QUEUE)' },
    jobs: { ...JOBS_OPTION, describe: 'Documents prepared at once (default: 2)' },
    exchange: {
      type: 'text',
      value: 'dir',
      describe: 'The folder that the writers name with exchange (default: bytes go through Redis)',
    },
  },
  examples: [
    ['kbgit worker --queue redis://host:6379 -j 4', 'prepare four documents at a time'],
    ['KBGIT_QUEUE=rediss://user:password@host:6379 kbgit worker', 'keep the password out of the list of processes'],
  ],
  async run({ flags, host, library, surroundings, signal, json, quiet, style, write, note }) {
    const { runWorker } = await library()
    const onEvent = (event: WorkerEvent): void => {
      if (event.kind === 'waiting' && !json && !quiet)
        void write(`Waiting for documents at ${inline(event.queue)}, ${event.jobs} at once. Press Ctrl-C to stop.\n`)
      else if (event.kind === 'otherVersion') note(warningLine(event.message, style))
    }
    const result = await runWorker({
      ...(await surroundings()),
      queue: flags.queue ?? host.env['KBGIT_QUEUE'],
      jobs: flags.jobs,
      exchange: flags.exchange,
      signal,
      onEvent,
    })
    const { prepared, failed, left } = result
    return {
      value: result,
      message: `${counted(prepared, 'document')} prepared, ${failed} failed, ${left} left to their writers.`,
    }
  },
})
