// A long-lived git that answers each path of its input with a fixed number of NUL-separated fields, in order.
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { KbError } from '../../core/errors.ts'
import { ended, type Git } from './git.ts'

export type AnsweringGit = {
  process: ChildProcessWithoutNullStreams
  /** Resolves when git has exited: why no more answers come (`gitFailed`, unless git could not be started). */
  over: Promise<{ error: unknown; stderr: string }>
}

/** Fields are Latin-1, so that a chunk of git's output may end within a character. */
export function startAnswering(
  git: Git,
  args: string[],
  {
    fields: perAnswer,
    env,
    onAnswer,
  }: { fields: number; env?: Record<string, string>; onAnswer: (fields: string[]) => void },
): AnsweringGit {
  const process = git.start(args, env === undefined ? {} : { env })
  let stderr = ''
  process.stdin.on('error', () => {})
  process.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  let rest = ''
  process.stdout.on('data', (chunk: Buffer) => {
    const fields = (rest + chunk.toString('latin1')).split('\0')
    const whole = fields.length - 1 - ((fields.length - 1) % perAnswer)
    rest = fields.slice(whole).join('\0')
    for (let index = 0; index < whole; index += perAnswer) onAnswer(fields.slice(index, index + perAnswer))
  })
  const over = ended(process).then(
    ({ code, signal }) => ({
      error: new KbError('gitFailed', `git ${args[0]} ended (${signal ?? code}): ${stderr.trim()}`),
      stderr,
    }),
    (error: unknown) => ({ error, stderr }),
  )
  return { process, over }
}
