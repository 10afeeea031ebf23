// Asks git for one attribute of many paths: one long-lived `git check-attr` answers for a whole run.
import { KbError } from '../../core/errors.ts'
import { ended, type Git } from './git.ts'

/** `left` answers are still to come, in the order of the paths. */
type Question = {
  left: number
  values: string[]
  resolve: (values: string[]) => void
  reject: (error: unknown) => void
}
type Child = { process: ReturnType<Git['start']>; questions: Question[]; closed: Promise<void> }

/** With `-z`, each answer is path, attribute and value. */
const FIELDS = 3

export class CheckAttr implements AsyncDisposable {
  readonly #git: Git
  readonly #attribute: string
  #child: Child | undefined

  constructor(git: Git, attribute: string) {
    this.#git = git
    this.#attribute = attribute
  }

  /**
   * The attribute's value for each path, relative to where git runs: `unspecified`, `set`, `unset` or a text. git reads
   * a folder's attribute file once. Throws `KbError` (`gitFailed`) if git died; the next question starts another.
   */
  async values(paths: string[]): Promise<string[]> {
    if (paths.length === 0) return []
    const child = (this.#child ??= this.#start())
    return new Promise((resolve, reject) => {
      child.questions.push({ left: paths.length, values: [], resolve, reject })
      child.process.stdin.write(paths.map((path) => `${path}\0`).join(''))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child
    child?.process.stdin.end()
    await child?.closed
  }

  #start(): Child {
    const process = this.#git.start(['check-attr', '-z', '--stdin', this.#attribute])
    const child: Child = { process, questions: [], closed: Promise.resolve() }
    let stderr = ''
    process.stdin.on('error', () => {})
    process.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    let rest = ''
    process.stdout.on('data', (chunk: Buffer) => {
      // Latin-1, so that a chunk may end within a character of a path, which nobody reads.
      const fields = (rest + chunk.toString('latin1')).split('\0')
      const whole = fields.length - 1 - ((fields.length - 1) % FIELDS)
      rest = fields.slice(whole).join('\0')
      for (let index = 0; index < whole; index += FIELDS) answer(child.questions, fields[index + 2] ?? '')
    })
    child.closed = this.#settle(child, () => stderr)
    return child
  }

  /** Waits for git to exit; what it has not answered fails. */
  async #settle(child: Child, stderr: () => string): Promise<void> {
    let error: unknown
    try {
      const { code, signal } = await ended(child.process)
      error = new KbError('gitFailed', `git check-attr ended (${signal ?? code}): ${stderr().trim()}`)
    } catch (cause) {
      error = cause
    }
    if (this.#child === child) this.#child = undefined
    for (const { reject } of child.questions.splice(0)) reject(error)
  }
}

function answer(questions: Question[], value: string): void {
  const [question] = questions
  if (question === undefined) return
  question.values.push(value)
  if (--question.left > 0) return
  questions.shift()
  question.resolve(question.values)
}
