// What kbgit's hooks add to `git checkout`. The variants take turns in one run: node test/bench/hook.ts [rounds]
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { discoverRepository, Git } from '../../src/io/git/git.ts'
import { installHooks } from '../../src/io/git/hooks.ts'

const rounds = Number(process.argv[2] ?? 100)
const dir = mkdtempSync(join(tmpdir(), 'kbgit-bench-hook-'))
const plain = join(dir, 'plain')
const hooked = join(dir, 'hooked')
const git = (cwd: string, ...args: string[]): void => {
  execFileSync('git', args, { cwd, stdio: 'ignore' })
}

mkdirSync(plain)
git(plain, 'init', '-q', '-b', 'main')
for (let i = 0; i < 1_000; i++) {
  mkdirSync(join(plain, `wiki/${i % 10}`), { recursive: true })
  writeFileSync(join(plain, `wiki/${i % 10}/${i}.md`), `page ${i}\n`)
}
writeFileSync(join(plain, 'kbgit.yaml'), 'version: 1\n')
git(plain, 'add', '.')
const commit = [
  '-c',
  'user.name=bench',
  '-c',
  'user.email=bench@localhost',
  'commit',
  '-q',
  '--allow-empty',
  '-m',
  'bench',
]
git(plain, ...commit)
git(plain, 'branch', 'same')
git(plain, 'checkout', '-q', '-b', 'other')
git(plain, ...commit)
git(plain, 'checkout', '-q', 'main')
cpSync(plain, hooked, { recursive: true })
const repository = await discoverRepository(hooked, process.env)
if (repository === undefined) throw new Error('no repository')
// Background work is not part of git's time.
await installHooks(new Git(hooked, process.env), repository, { command: ['true'], base: hooked })

const CASES = [
  { name: 'branch at the same commit: nothing to do', branches: ['same', 'main'] },
  { name: 'branch at another commit: follows in the background', branches: ['other', 'main'] },
  { name: 'one file: nothing to do', branches: ['--', 'kbgit.yaml'] },
]
const rows = CASES.map(({ name, branches: [first = '', second = ''] }) => {
  const ms: { plain: number[]; hooked: number[] } = { plain: [], hooked: [] }
  for (let round = 0; round < rounds; round++) {
    const arguments_ = first === '--' ? [first, second] : [round % 2 === 0 ? first : second]
    const pairs = [
      ['plain', plain],
      ['hooked', hooked],
    ] as const
    for (const [variant, cwd] of round % 4 < 2 ? pairs : pairs.toReversed()) {
      const start = performance.now()
      git(cwd, 'checkout', '-q', ...arguments_)
      ms[variant].push(performance.now() - start)
    }
  }
  return {
    case: name,
    plainMs: median(ms.plain),
    hookedMs: median(ms.hooked),
    addedMs: median(ms.hooked) - median(ms.plain),
  }
})
rmSync(dir, { recursive: true, force: true, maxRetries: 5 })

mkdirSync('bench-results', { recursive: true })
writeFileSync('bench-results/hook.json', `${JSON.stringify({ bench: 'hook', rounds, rows }, null, 1)}\n`)
const width = Math.max(...rows.map((row) => row.case.length))
process.stdout.write(
  `${'git checkout, median of '.concat(String(rounds)).padEnd(width)}   without   with    added (bar: 10 ms)\n`,
)
for (const row of rows) {
  const [without, withHooks, added] = [row.plainMs, row.hookedMs, row.addedMs].map((value) =>
    `${value.toFixed(2)} ms`.padStart(9),
  )
  process.stdout.write(`${row.case.padEnd(width)} ${without}${withHooks}${added}\n`)
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
