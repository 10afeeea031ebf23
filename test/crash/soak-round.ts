// One round of the soak test: runs a command in the base, sometimes kills it, and checks that nothing is lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { note, seeded } from '../support/notes.ts'
import { execute, git } from './execute.ts'
import { nextCommand } from './next-command.ts'
import { leftovers } from './repository-state.ts'
import type { Bench } from './bench.ts'

/** Milliseconds within which a command is killed, if it is to be killed. */
const LIFE_MS_MAX = 1_500

type Action = { name: string; weight: number; run: (soak: Soak) => Promise<string> }

const ACTIONS: Action[] = [
  { name: 'add', weight: 6, run: (soak) => soak.kbgit(['add', ...soak.newDocuments(1 + soak.below(3))]) },
  { name: 'add, killed', weight: 6, run: (soak) => soak.killed(['add', ...soak.newDocuments(1 + soak.below(3))]) },
  { name: 'remove', weight: 2, run: async (soak) => soak.kbgit(['remove', '-y', await soak.anyDocument()]) },
  { name: 'remove, killed', weight: 2, run: async (soak) => soak.killed(['remove', '-y', await soak.anyDocument()]) },
  { name: 'recover, killed', weight: 2, run: (soak) => soak.killed(['recover']) },
  { name: 'edit', weight: 3, run: async (soak) => soak.edit() },
  { name: 'commit -a', weight: 2, run: (soak) => soak.git('commit', '-q', '-a', '-m', 'The user') },
  {
    name: 'stash and back',
    weight: 1,
    run: async (soak) => `${await soak.git('stash', '-q')} ${await soak.git('stash', 'pop', '-q')}`,
  },
  { name: 'gc', weight: 1, run: (soak) => soak.git('gc', '-q', '--prune=now') },
  { name: 'pack-refs', weight: 1, run: (soak) => soak.git('pack-refs', '--all') },
  {
    name: 'switch away and back',
    weight: 1,
    run: async (soak) =>
      `${await soak.git('switch', '-q', '-c', `b${soak.diary.length}`)} ${await soak.git('switch', '-q', 'main')}`,
  },
  { name: 'rebase', weight: 1, run: (soak) => soak.git('rebase', '-q', '--autostash', '--force-rebase', 'HEAD~1') },
]

export class Soak {
  readonly dir: string
  readonly diary: string[] = []
  kills = 0
  readonly #bench: Bench
  readonly #random: () => number
  readonly #env: Record<string, string>
  /** Commits that kbgit reported, by subject: a rebase changes their ids. */
  readonly #reported = new Set<string>()
  readonly #lines: string[] = []
  #documents = 0

  private constructor(bench: Bench, dir: string, seed: number) {
    this.#bench = bench
    this.dir = dir
    this.#random = seeded(seed)
    this.#env = bench.scratch.environment({ NODE_OPTIONS: '' })
  }

  static async begin(bench: Bench, from: string, seed: number): Promise<Soak> {
    return new Soak(bench, await bench.copy(from), seed)
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  async round(number: number): Promise<{ did: string; wrong: string[] }> {
    const all = ACTIONS.flatMap((action) => Array<Action>(action.weight).fill(action))
    const action = all[this.below(all.length)]
    if (action === undefined) throw new Error('there is nothing to do')
    const did = `${number}. ${action.name}: ${await action.run(this)}`
    this.diary.push(did)
    return { did, wrong: await this.#judge() }
  }

  newDocuments(count: number): string[] {
    return Array.from({ length: count }, () => {
      const { name, text } = note(++this.#documents)
      const path = this.#bench.scratch.path('documents', name)
      writeFileSync(path, text)
      return path
    })
  }

  async anyDocument(): Promise<string> {
    const listed = JSON.parse((await nextCommand(this.dir, this.#env, ['list', '--json'])).stdout) as {
      documents: { name: string }[]
    }
    return listed.documents[this.below(listed.documents.length)]?.name ?? 'none'
  }

  async kbgit(argv: string[]): Promise<string> {
    const { code, stdout } = await nextCommand(this.dir, this.#env, [...argv, '--json'])
    await this.#noteReports(stdout)
    return `${argv[0]} ended with ${code}`
  }

  async killed(argv: string[]): Promise<string> {
    const [node, script] = this.#bench.command
    const child = spawn(node, [script, ...argv, '--json'], {
      cwd: this.dir,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    let stdout = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    const ended = once(child, 'close')
    await Promise.race([ended, delay(this.below(LIFE_MS_MAX))])
    if (child.kill('SIGKILL')) this.kills++
    await ended
    await this.#noteReports(stdout)
    return `${argv[0]} ended by ${child.signalCode ?? child.exitCode}`
  }

  /** A line in a file of the user's or in a page. It must be found from then on. */
  async edit(): Promise<string> {
    const pages = (await git(this.dir, this.#env, 'ls-files', 'wiki/entities/*.md', 'wiki/concepts/*.md', 'notes/*.md'))
      .split('\n')
      .filter((path) => path !== '' && existsSync(join(this.dir, path)))
    const path = pages[this.below(pages.length)] ?? 'notes/tracked.md'
    const line = `The user's line ${this.#lines.length}.`
    appendFileSync(join(this.dir, path), `\n${line}\n`)
    this.#lines.push(line)
    return path
  }

  async git(...args: string[]): Promise<string> {
    const { code } = await execute(['git', ...args], { cwd: this.dir, env: this.#env })
    return `git ${args[0]} ended with ${code}`
  }

  async #noteReports(stdout: string): Promise<void> {
    for (const [, commit = ''] of stdout.matchAll(/"commit": "([0-9a-f]{40})"/g)) {
      this.#reported.add(
        (await git(this.dir, this.#env, 'log', '-1', '--format=%(trailers:key=Kbgit-Transaction)%s', commit)).trim(),
      )
    }
  }

  async #judge(): Promise<string[]> {
    const wrong: string[] = []
    const recovered = await nextCommand(this.dir, this.#env, ['recover', '--json'])
    if (recovered.code !== 0) wrong.push(`recover ended with ${recovered.code}: ${recovered.stdout}${recovered.stderr}`)
    const left = leftovers(this.dir)
    if (left.length > 0) wrong.push(`left lying about: ${left.join(', ')}`)
    const history = await git(this.dir, this.#env, 'log', '--format=%(trailers:key=Kbgit-Transaction)%s')
    const flat = history.replace(/\n(?!Kbgit)/g, ' ')
    for (const report of this.#reported)
      if (!flat.includes(report.replace(/\n/g, ' '))) wrong.push(`reported and not in history: ${report}`)
    const ever = `${await git(this.dir, this.#env, 'log', '-p', '--format=', '--', 'wiki', 'notes')}${await git(this.dir, this.#env, 'diff', 'HEAD')}`
    for (const line of this.#lines) if (!ever.includes(`+${line}`)) wrong.push(`lost: ${line}`)
    const checked = await execute(['git', 'fsck', '--full', '--strict', '--no-dangling'], {
      cwd: this.dir,
      env: this.#env,
    })
    if (checked.code !== 0) wrong.push(`git fsck: ${checked.stdout}${checked.stderr}`)
    const fsck = await nextCommand(this.dir, this.#env, ['fsck', '--json'])
    if (fsck.code !== 0) wrong.push(`kbgit fsck: ${fsck.stdout}${fsck.stderr}`)
    if (readFileSync(join(this.dir, '.gitignore'), 'utf8') !== '*.log\n') wrong.push("the user's .gitignore changed")
    return wrong
  }
}
