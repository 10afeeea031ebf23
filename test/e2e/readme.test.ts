// The README is true: every block of commands in it is run as it stands, in the order in which it stands, and what is
// said of it is looked at. A block that is not known here fails the test that names it.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { KBGIT } from '../support/command.ts'
import { Workplace } from '../support/workplace.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8')
const SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { scripts: object }).scripts,
)

type Block = { language: string; text: string; name: string }
type Ran = { status: number | null; output: string }
/** Runs a block in a folder, as a person does who pastes it. */
type Run = (block: Block, cwd: string) => Ran

const BLOCKS: Block[] = [...README.matchAll(/^```(.*)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({
  language,
  text,
  name: text.split('\n')[0] ?? '',
}))

const place = new Workplace()
const home = place.env['HOME'] ?? ''
const notes = join(home, 'notes')
const asked = join(place.dir, 'npm.log')
afterAll(() => place[Symbol.dispose]())

mkdirSync(join(place.dir, 'bin'))
symlinkSync(KBGIT, join(place.dir, 'bin', 'kbgit'))
// Installing and testing from within a test would go round in circles: the gate does both, in a fresh clone. What else
// npm is asked for, it is asked for.
writeFileSync(
  join(place.dir, 'bin', 'npm'),
  `#!/bin/sh\nprintf '%s\\n' "$*" >>'${asked}'\nif [ "$*" = ci ] || [ "$*" = test ]; then exit 0; fi\nPATH=\${PATH#*${delimiter}} exec npm "$@"\n`,
)
chmodSync(join(place.dir, 'bin', 'npm'), 0o755)
mkdirSync(join(place.dir, 'tmp'))

place.write(
  'home/papers/moon.md',
  `# The moon and the sea

Tides follow the moon. Tides rise twice a day where the coast is open. Tide gauges measure tides at the harbour.

## Gauges

A tide gauge is read daily by the Harbour Office.
`,
)
place.write(
  'home/papers/harbour.md',
  `# Harbour log

Tides at the harbour are read from tide gauges. The Harbour Office warns of high tides.

A spring tide comes when the sun and the moon stand in line. Spring tides are higher than other tides.
`,
)
place.write(
  'home/minutes/2026-11-20.md',
  `# Minutes of 20 November 2026

The board spoke of tides and of the tide gauges. The Harbour Office will repair one of the tide gauges in spring.
`,
)

const run: Run = ({ text }, cwd) => {
  const env = {
    ...place.env,
    PATH: [join(place.dir, 'bin'), process.env['PATH']].join(delimiter),
    TMPDIR: join(place.dir, 'tmp'),
    LC_ALL: 'C.UTF-8',
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', text], { cwd, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

const fsck = async (): Promise<void> => expect(await place.kbgitIn({ cwd: notes }, 'fsck')).toMatchObject({ code: 0 })
const subjects = (...args: string[]): string[] => place.gitIn(notes, 'log', '--format=%s', ...args).split('\n')
const names = async (): Promise<string[]> => {
  const { stdout } = await place.kbgitIn({ cwd: notes }, 'list', '--json')
  return (JSON.parse(stdout) as { documents: { name: string }[] }).documents.map(({ name }) => name)
}

/** What is claimed of each block, by its first line. */
const CLAIMS: Record<string, (block: Block) => Promise<void>> = {
  "npm ci && npm run demo     # a base in a new folder, from this repository's own documents": async (block) => {
    const { status, output } = run(block, PROJECT)
    expect(status, output).toBe(0)
    expect(readFileSync(asked, 'utf8').trim().split('\n')).toEqual(['ci', 'run demo', 'ci', 'test'])
    const base = /^The base is in (.*): open/m.exec(output)?.[1] ?? ''
    expect(place.gitIn(base, 'log', '--format=%s').split('\n')).toEqual(
      expect.arrayContaining(['add: README', 'add: ARCHITECTURE', 'kbgit: init']),
    )
    const gate = readFileSync(join(PROJECT, '.ci', 'run'), 'utf8')
    expect(gate).toMatch(/^npm ci\nnpm test$/m)
  },
  'kbgit init notes           # a git repository, or a folder of one that you have': async (block) => {
    const { status, output } = run(block, home)
    expect(status, output).toBe(0)
    expect(output).toMatch(
      /^[\da-f]+ add: 2026-11-20\n[\da-f]+ add: moon\n[\da-f]+ add: harbour\n[\da-f]+ kbgit: init$/m,
    )
    expect(output).toMatch(/^ *Spring tides are higher than other tides\./m)
    await fsck()
  },
  'notes/': async ({ text }) => {
    // An answer is saved so that there is a folder of them; its commit is taken away again.
    expect((await place.kbgitIn({ cwd: notes }, 'query', '--save', 'what is a spring tide')).code).toBe(0)
    const folders: string[] = []
    for (const line of text.trim().split('\n')) {
      const depth = line.search(/\S/) / 2
      const shown =
        line
          .trim()
          .split(/ {2,}/)[0]
          ?.split(' ')
          .filter((name) => /[./]/.test(name)) ?? []
      folders.splice(depth, folders.length, shown[0] ?? '')
      for (const name of shown)
        expect(existsSync(join(home, ...folders.slice(0, depth), name)), `${name} of "${line}"`).toBe(true)
    }
    place.gitIn(notes, 'reset', '--hard', '-q', 'HEAD~1')
  },
  'git log --oneline -- wiki/concepts/tides.md     # which documents made this page': async (block) => {
    const { status, output } = run(block, notes)
    expect(status, output).toBe(0)
    const [log = '', blame = '', show = '', search = ''] = block.text
      .trim()
      .split('\n')
      .map((text) => run({ ...block, text }, notes).output)
    expect(log).toMatch(/ add: harbour$/m)
    expect(blame).toMatch(/^[\da-f]+ .* Tides at the harbour are read from tide gauges\./m)
    const [commit = ''] = /^\S+(?=.* Tides at the harbour are read)/m.exec(blame) ?? []
    expect(subjects('-1', commit)).toEqual(['add: harbour'])
    for (const path of [
      'documents/2026-11-20.json',
      'raw/2026-11-20.md',
      'wiki/sources/2026-11-20.md',
      'wiki/summaries/2026-11-20.md',
    ])
      expect(show).toContain(` ${path} `)
    expect(search.trim().split('\n').at(-1)).toMatch(/ add: harbour$/)
  },
  'git bisect start HEAD $(git rev-list --max-parents=0 HEAD)': async (block) => {
    const before = place.gitIn(notes, 'rev-parse', 'HEAD')
    const { status, output } = run(block, notes)
    expect(status, output).toBe(0)
    const found = /^([\da-f]{40}) is the first bad commit$/m.exec(output)?.[1] ?? ''
    expect(place.gitIn(notes, 'log', '-1', '--format=%s %(trailers:key=Kbgit-Document,valueonly)', found)).toMatch(
      /^add: harbour harbour\n?$/,
    )
    expect(place.gitIn(notes, 'rev-parse', 'HEAD')).toBe(before)
    expect(place.gitIn(notes, 'status', '--porcelain')).toBe('')
    await fsck()
  },
  "git revert --no-edit ':/^add: 2026-11-20'": async (block) => {
    const before = { tree: place.gitIn(notes, 'rev-parse', 'HEAD^{tree}'), names: await names() }
    const [revert = '', again = ''] = block.text.trim().split('\n')
    const out = run({ ...block, text: revert }, notes)
    expect(out.status, out.output).toBe(0)
    expect(await names()).toEqual(before.names.filter((name) => name !== '2026-11-20'))
    await fsck()
    const back = run({ ...block, text: again }, notes)
    expect(back.status, back.output).toBe(0)
    expect({ tree: place.gitIn(notes, 'rev-parse', 'HEAD^{tree}'), names: await names() }).toEqual(before)
    await fsck()
  },
}

describe('the README', () => {
  it('has the blocks that are known here, and no other', () => {
    expect(BLOCKS.map(({ name }) => name)).toEqual(Object.keys(CLAIMS))
    // Nothing stands between the blocks that a fence of another kind would hide.
    expect(README.match(/^ *(?:```|~~~)/gm)).toHaveLength(2 * BLOCKS.length)
    expect(README).not.toMatch(/^(?: {4}|\t)\$? ?(?:kbgit|git|npm) /m)
  })

  it.each(BLOCKS)('keeps what it says of "$name"', async (block) => {
    const claim = CLAIMS[block.name]
    if (claim === undefined) throw new Error(`No claim is known of this block:\n${block.text}`)
    await claim(block)
  })

  it('says what to do where git cannot revert a document alone', async () => {
    const reverted = spawnSync('git', ['revert', '--no-edit', ':/^add: moon'], {
      cwd: notes,
      env: { PATH: process.env['PATH'], ...place.env },
    })
    expect(reverted.status).not.toBe(0)
    place.gitIn(notes, 'revert', '--abort')
    expect(await place.kbgitIn({ cwd: notes }, 'remove', '-y', 'moon')).toMatchObject({ code: 0 })
    expect(await names()).toEqual(['2026-11-20', 'harbour'])
    await fsck()
  })

  it('names every command in its table, and none that there is not', async () => {
    const { stdout } = await place.kbgit('--help')
    const known = [...(stdout.split('\nTopics')[0] ?? '').matchAll(/^ {2}([a-z]+)(?= {2,})/gm)].map(([, name]) => name)
    const rows = README.match(/^\| `kbgit .*?\|/gm) ?? []
    const told = rows.flatMap((row) => [...row.matchAll(/`(?:kbgit )?([a-z]+)/g)].map(([, name]) => name))
    expect([...told].sort()).toEqual(known.sort())
  })

  it('names scripts and files that are there', () => {
    const scripts = [...README.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name)
    expect(scripts.filter((name) => !SCRIPTS.includes(name ?? ''))).toEqual([])
    const files = [...README.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? '')
    expect(files.length).toBeGreaterThan(2)
    expect(files.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([])
  })
})
