// Asks git for one attribute of many paths: one long-lived `git check-attr` answers for a whole run.
import { startAnswering, type AnsweringGit } from './answering-git.ts'
import type { Git } from './git.ts'

/** `left` answers are still to come, in the order of the paths. */
type Question = {
  left: number
  values: string[]
  resolve: (values: string[]) => void
  reject: (error: unknown) => void
}
type Child = { process: AnsweringGit['process']; questions: Question[]; closed: Promise<void> }

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
    const questions: Question[] = []
    const { process, over } = startAnswering(this.#git, ['check-attr', '-z', '--stdin', this.#attribute], {
      fields: FIELDS,
      onAnswer: ([, , value = '']) => answer(questions, value),
    })
    const child: Child = { process, questions, closed: Promise.resolve() }
    child.closed = this.#settle(child, over)
    return child
  }

  /** What git has not answered when it exits fails. */
  async #settle(child: Child, over: AnsweringGit['over']): Promise<void> {
    const { error } = await over
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
