// Asks git what its ignore rules exclude: `.gitignore` at every level, `.git/info/exclude` and the user's own file. One
// long-lived `git check-ignore` per repository answers for all of its folders.
import { lstatSync } from 'node:fs'
import { startAnswering, type AnsweringGit } from './answering-git.ts'
import { Git } from './git.ts'

/** `names` are still to be answered, in order. */
type Question = {
  names: string[]
  ignored: Set<string>
  resolve: (ignored: Set<string>) => void
  reject: (error: unknown) => void
}
type Child = { process: AnsweringGit['process']; questions: Question[]; closed: Promise<void> }

/** With `-v -z`, each answer is source, line, pattern and path. */
const FIELDS = 4

/** Paths are absolute, as byte strings. */
export class CheckIgnore implements AsyncDisposable {
  readonly #environment: NodeJS.ProcessEnv
  readonly #gitDir: string | undefined
  readonly #children = new Map<string, Child>()
  readonly #loose = new Set<string>()

  /** `gitDir`: of any repository, for folders that are in none. */
  constructor(environment: NodeJS.ProcessEnv, gitDir?: string) {
    this.#environment = environment
    this.#gitDir = gitDir
  }

  /** A folder with a `.gitignore` that is in no repository, as the top of one. Undefined if git cannot be asked there. */
  looseTop(folder: string): string | undefined {
    if (this.#gitDir === undefined) return undefined
    this.#loose.add(folder)
    return folder
  }

  /** Which entries of a folder in `repository` git ignores. Tracked files are never ignored. Throws `KbError`. */
  among(repository: string, folder: string, names: string[]): Promise<Set<string>> {
    if (names.length === 0) return Promise.resolve(new Set())
    return new Promise((resolve, reject) => {
      const child = this.#childOf(repository)
      child.questions.push({ names: [...names], ignored: new Set(), resolve, reject })
      const paths = names.map((name) => `${folder === '/' ? '' : folder}/${name}\0`).join('')
      child.process.stdin.write(Buffer.from(paths, 'latin1'))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { process } of this.#children.values()) process.stdin.end()
    await Promise.all([...this.#children.values()].map(({ closed }) => closed))
  }

  #childOf(repository: string): Child {
    const known = this.#children.get(repository)
    if (known !== undefined) return known
    const isLoose = this.#loose.has(repository)
    const top = Buffer.from(repository, 'latin1').toString()
    const git = new Git(top, this.#environment, 'process', isLoose ? this.#gitDir : undefined)
    const questions: Question[] = []
    const args = ['check-ignore', '--stdin', '-z', '--verbose', '--non-matching', ...(isLoose ? ['--no-index'] : [])]
    const { process, over } = startAnswering(git, args, {
      fields: FIELDS,
      // It takes every path literally, but refuses the option that asks for that.
      env: { GIT_LITERAL_PATHSPECS: '0' },
      onAnswer: ([, , pattern = '']) => answer(questions, pattern),
    })
    const child: Child = { process, questions, closed: settle(questions, over) }
    this.#children.set(repository, child)
    return child
  }
}

/** What git has not answered when it exits fails. A `.git` that leads nowhere is not a repository, and ignores nothing. */
async function settle(questions: Question[], over: AnsweringGit['over']): Promise<void> {
  const { error, stderr } = await over
  const isNone = /not a git repository/i.test(stderr)
  for (const { resolve, reject } of questions.splice(0)) {
    if (isNone) resolve(new Set())
    else reject(error)
  }
}

/** An empty pattern is none; one that begins with `!` takes the path back in. */
function answer(questions: Question[], pattern: string): void {
  const [question] = questions
  const name = question?.names.shift()
  if (question === undefined || name === undefined) return
  if (pattern !== '' && !pattern.startsWith('!')) question.ignored.add(name)
  if (question.names.length === 0) {
    questions.shift()
    question.resolve(question.ignored)
  }
}

/** The nearest folder at or above `folder` with a `.git` that can be a repository: the top of its work tree. */
export function repositoryAround(folder: string): string | undefined {
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (hasRepository(at)) return at === '' ? '/' : at
    if (at === '' || at === '/') return undefined
  }
}

/** A file `.git` leads to the git directory of a linked work tree or a submodule. */
function hasRepository(folder: string): boolean {
  const stat = (path: string) => lstatSync(Buffer.from(`${folder}/${path}`, 'latin1'), { throwIfNoEntry: false })
  return stat('.git')?.isFile() === true || stat('.git/HEAD') !== undefined
}
