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
    'document. Other kbgit commands can run meanwhile.\n' +
    '\n' +
    'Feeds and pages that sources.yaml lists are visited on their schedule: new entries of a feed are added, a page\n' +
    'that has changed is updated. "kbgit help sources" describes the file; "kbgit status" shows the last visits.',
  options: {
    once: { type: 'flag', describe: 'Add what is there, visit the sources that are due, and end: for cron and CI' },
    'allow-private': { type: 'flag', describe: 'Fetch from private and local network addresses too' },
    jobs: JOBS_OPTION,
  },
  examples: [
    ['kbgit watch', 'add files dropped into raw/inbox/'],
    ['kbgit watch ~/Downloads/papers ~/scans', 'watch other folders'],
    ['kbgit watch --once', 'add what is there, visit what is due, and end'],
  ],
  async run({ args, flags, kb, json, quiet, signal, style, write, note }) {
    const base = await kb()
    const result = await base.watch({
      folders: args,
      once: flags.once,
      allowPrivate: flags['allow-private'],
      jobs: flags.jobs,
      signal,
      onEvent: (event) => {
        const { output, notes } = describeEvent(event, style)
        for (const line of notes) note(line)
        if (output !== undefined && !json && !quiet) void write(`${output}\n`)
      },
    })
    const { added, updated, failed, sources } = result
    const isFailed = failed > 0 || sources.some(({ error }) => error !== undefined)
    const report: Report = { value: result, message: `${added} added, ${updated} updated, ${failed} failed.` }
    return isFailed ? { ...report, exitCode: EXIT_SOME_FAILED } : report
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
    case 'visited':
      return describeVisit(event, style)
    case 'error':
      return { notes: [errorLines(event.error, style).trimEnd()] }
  }
}

function describeVisit(
  { source, remarks }: Extract<WatchEvent, { kind: 'visited' }>,
  style: Style,
): { output?: string | undefined; notes: string[] } {
  const { url, name, error, gone, failures, added, updated } = source
  const called = name === undefined ? url : `${name} (${url})`
  const warnings = remarks.map((remark) => warningLine(remark, style))
  if (error === undefined) {
    const counts = added + updated === 0 ? 'nothing new' : `${added} added, ${updated} updated`
    return { notes: warnings, output: `Visited ${inline(called)}: ${counts}.` }
  }
  const failed = failureLines(url, error.message, error.hint, style).trimEnd()
  const since = failures === 1 ? '' : `, at each of its last ${failures} visits`
  const isGone = gone
    ? [warningLine(`${called} seems to be gone${since}: fix or delete it in sources.yaml.`, style)]
    : []
  return { notes: [failed, ...warnings, ...isGone] }
}
