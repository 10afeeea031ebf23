import { EXIT_SOME_FAILED } from '../../core/errors.ts'
import type { WatchEvent } from '../../index.ts'
import { command, JOBS_OPTION, type Report } from '../command.ts'
import { errorLines, failureLines, warningLine } from '../sentences.ts'
import type { Style } from '../style.ts'
import { inline } from '../text.ts'
import { reportAdd } from './add.ts'

export const watch = command({
  name: 'watch',
  usage: '[folder]...',
  arity: [0, Infinity],
  details:
    'Waits until a file is complete, then adds it as "kbgit add" does. Ctrl-C stops watching, after the current\n' +
    'document. Other kbgit commands can run meanwhile.',
  options: {
    once: { type: 'flag', describe: 'Add what is there now, and end: for cron and CI' },
    jobs: JOBS_OPTION,
  },
  examples: [
    ['kbgit watch', 'add files dropped into raw/inbox/'],
    ['kbgit watch ~/Downloads/papers ~/scans', 'watch other folders'],
    ['kbgit watch --once', 'add what is there now, and end'],
  ],
  async run({ args, flags, kb, json, quiet, signal, style, write, note }) {
    const base = await kb()
    const result = await base.watch({
      folders: args,
      once: flags.once,
      jobs: flags.jobs,
      signal,
      onEvent: (event) => {
        const { output, notes } = describeEvent(event, style)
        for (const line of notes) note(line)
        if (output !== undefined && !json && !quiet) void write(`${output}\n`)
      },
    })
    const { added, updated, failed } = result
    const report: Report = { value: result, message: `${added} added, ${updated} updated, ${failed} failed.` }
    return failed > 0 ? { ...report, exitCode: EXIT_SOME_FAILED } : report
  },
})

function describeEvent(event: WatchEvent, style: Style): { output?: string | undefined; notes: string[] } {
  switch (event.kind) {
    case 'watching':
      return { notes: [], output: `Watching ${inline(event.folder)}. Press Ctrl-C to stop.` }
    case 'added': {
      const report = reportAdd(event.result)
      const failures = event.result.failed.map(({ path, error }) =>
        failureLines(path, error.message, error.hint, style).trimEnd(),
      )
      return {
        notes: [...failures, ...(report.warnings ?? []).map((warning) => warningLine(warning, style))],
        output: report.message,
      }
    }
    case 'error':
      return { notes: [errorLines(event.error, style).trimEnd()] }
  }
}
