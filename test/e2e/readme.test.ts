// The README is true: every block in it is run as written, in order, and what the text says about it is checked. A
// block without a check fails a test that names it.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { plain, runSession, sessionIn, VARYING } from '../picture/session.ts'
import { KBGIT } from '../support/command.ts'
import { Workplace } from '../support/workplace.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
const README = readFileSync(join(PROJECT, 'README.md'), 'utf8')
const PACKAGE = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { version: string; scripts: object }
const SCRIPTS = Object.keys(PACKAGE.scripts)

type Block = { language: string; text: string; name: string }
type Ran = { status: number | null; output: string }
/** Runs a block in a folder, as a person does by pasting it. */
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
// A test does not install anything: the CI run does, in a fresh clone and from the packed package. npm is only asked to
// run scripts.
writeFileSync(
  join(place.dir, 'bin', 'npm'),
  `#!/bin/sh\nprintf '%s\\n' "$*" >>'${asked}'\nif [ "$1" != run ]; then exit 0; fi\nPATH=\${PATH#*${delimiter}} exec npm "$@"\n`,
)
chmodSync(join(place.dir, 'bin', 'npm'), 0o755)
mkdirSync(join(place.dir, 'tmp'))

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

const npmCalls = (): string[] => readFileSync(asked, 'utf8').trim().split('\n')
const fsck = async (): Promise<void> => expect(await place.kbgitIn({ cwd: notes }, 'fsck')).toMatchObject({ code: 0 })
const subjects = (...args: string[]): string[] => place.gitIn(notes, 'log', '--format=%s', ...args).split('\n')
const names = async (): Promise<string[]> => {
  const { stdout } = await place.kbgitIn({ cwd: notes }, 'list', '--json')
  return (JSON.parse(stdout) as { documents: { name: string }[] }).documents.map(({ name }) => name)
}

/** Text without what differs from run to run. */
const masked = (text: string): string => text.replaceAll(VARYING, '…')

/** What the README claims about each block, by its first line. */
const CLAIMS: Record<string, (block: Block) => Promise<void>> = {
  'npm ci': async (block) => {
    const { status, output } = run(block, PROJECT)
    expect(status, output).toBe(0)
    expect(npmCalls()).toEqual(['ci', 'link'])
    expect(readFileSync(join(PROJECT, '.ci', 'run'), 'utf8')).toMatch(/^npm ci\nnpm test$/m)
  },
  'npm ci && npm pack': async (block) => {
    const { status, output } = run(block, PROJECT)
    expect(status, output).toBe(0)
    const [ci, pack, install] = npmCalls().slice(-3)
    expect([ci, pack]).toEqual(['ci', 'pack'])
    expect(install).toBe(`install --global ./kbgit-${PACKAGE.version}.tgz`)
    expect(readFileSync(join(PROJECT, 'test', 'package.sh'), 'utf8')).toMatch(/^npm pack .*\n[^]*^ *npm install /m)
  },
  '$ kbgit init notes': async () => {
    const shown = sessionIn(README)
    const ran = runSession(
      shown.map(({ command }) => command),
      home,
    )
    expect(
      ran.map(({ command, output }) => ({ command, output: masked(plain(output)) })),
      'npm run picture brings the README up to date',
    ).toEqual(shown.map(({ command, output }) => ({ command, output: masked(output) })))
    await fsck()
  },
  "npm run demo    # creates a base from this repository's own documents": async (block) => {
    const { status, output } = run(block, PROJECT)
    expect(status, output).toBe(0)
    const base = /^The base is in (.*): open/m.exec(output)?.[1] ?? ''
    expect(place.gitIn(base, 'log', '--format=%s').split('\n')).toEqual(
      expect.arrayContaining(['add: README', 'add: ARCHITECTURE', 'kbgit: init']),
    )
  },
  'notes/': async ({ text }) => {
    // An answer is saved so that its folder exists; the commit is undone afterwards.
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
  'git log --oneline -- wiki/concepts/Spring-tide.md     # which documents made this page': async (block) => {
    const { status, output } = run(block, notes)
    expect(status, output).toBe(0)
    const [log = '', blame = '', show = '', search = ''] = block.text
      .trim()
      .split('\n')
      .map((text) => run({ ...block, text }, notes).output)
    expect(log).toMatch(/ add: harbour$/m)
    expect(blame).toMatch(/^[\da-f]+ .* A spring tide floods the lower quay/m)
    const [commit = ''] = /^\S+(?=.* A spring tide floods the lower quay)/m.exec(blame) ?? []
    expect(subjects('-1', commit.replace(/^\^/, ''))).toEqual(['add: harbour'])
    for (const path of [
      'documents/minutes.json',
      'raw/minutes.eml',
      'wiki/sources/minutes.md',
      'wiki/summaries/minutes.md',
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
      /^add: tides tides\n?$/,
    )
    expect(place.gitIn(notes, 'rev-parse', 'HEAD')).toBe(before)
    expect(place.gitIn(notes, 'status', '--porcelain')).toBe('')
    await fsck()
  },
  'kbgit add ~/kbgit/examples/lighthouse.md': async (block) => {
    const before = await names()
    const [add = '', revert = '', again = ''] = block.text.trim().split('\n')
    const added = run({ ...block, text: add }, notes)
    expect(added.status, added.output).toBe(0)
    const tree = place.gitIn(notes, 'rev-parse', 'HEAD^{tree}')
    const out = run({ ...block, text: revert }, notes)
    expect(out.status, out.output).toBe(0)
    expect(await names()).toEqual(before)
    await fsck()
    const back = run({ ...block, text: again }, notes)
    expect(back.status, back.output).toBe(0)
    expect(place.gitIn(notes, 'rev-parse', 'HEAD^{tree}')).toBe(tree)
    await fsck()
  },
  "import { initKb, openKb } from 'kbgit'": async ({ text }) => {
    // The package by its name: the entry point in the sources.
    const entry = new URL('../../src/index.ts', import.meta.url)
    place.write(
      'program/node_modules/kbgit/package.json',
      JSON.stringify({ name: 'kbgit', type: 'module', exports: './index.js' }),
    )
    place.write('program/node_modules/kbgit/index.js', `export * from '${entry}'\n`)
    place.write('program/package.json', '{ "name": "program", "private": true }\n')
    place.write('program/papers/moon.md', '# The moon\n\nA spring tide follows a full moon.\n')
    place.write('program/papers/broken.pdf', '%PDF-1.7\nThis is not a PDF.\n')
    const program = place.write('program/main.mjs', text)
    const cwd = join(place.dir, 'program')
    const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
      cwd,
      env: { ...place.env, PATH: process.env['PATH'] },
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    expect(stdout).toMatch(/^moon is commit [\da-f]{40}\n(?:wiki\/\S+: .+\n){1,3}$/)
    expect(stderr).toMatch(/broken\.pdf: ./)
    expect(await place.kbgitIn({ cwd: join(cwd, 'notes') }, 'fsck')).toMatchObject({ code: 0 })
  },
}

describe('the README', () => {
  it('has a check for every block', () => {
    expect(BLOCKS.map(({ name }) => name)).toEqual(Object.keys(CLAIMS))
    // No command hides in a fence of another kind, or in an indented block.
    expect(README.match(/^ *(?:```|~~~)/gm)).toHaveLength(2 * BLOCKS.length)
    expect(README).not.toMatch(/^(?: {4}|\t)\$? ?(?:kbgit|git|npm) /m)
  })

  it.each(BLOCKS)('keeps its promise about "$name"', async (block) => {
    const claim = CLAIMS[block.name]
    if (claim === undefined) throw new Error(`There is no check for this block:\n${block.text}`)
    await claim(block)
  })

  it('says what to do if git cannot revert a document by itself', async () => {
    const reverted = spawnSync('git', ['revert', '--no-edit', ':/^add: harbour'], {
      cwd: notes,
      env: { PATH: process.env['PATH'], ...place.env },
    })
    expect(reverted.status).not.toBe(0)
    place.gitIn(notes, 'revert', '--abort')
    expect(await place.kbgitIn({ cwd: notes }, 'remove', '-y', 'harbour')).toMatchObject({ code: 0 })
    expect(await names()).toEqual(['lighthouse', 'minutes', 'tides'])
    await fsck()
  })

  it('lists every command, and no command that does not exist', async () => {
    const { stdout } = await place.kbgit('--help')
    const known = [...(stdout.split('\nTopics')[0] ?? '').matchAll(/^ {2}([a-z]+)(?= {2,})/gm)].map(([, name]) => name)
    const rows = README.match(/^\| `kbgit .*?\|/gm) ?? []
    const listed = rows.flatMap((row) => [...row.matchAll(/`(?:kbgit )?([a-z]+)/g)].map(([, name]) => name))
    expect([...listed].sort()).toEqual(known.sort())
  })

  it('names only scripts and files that exist', () => {
    const scripts = [...README.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name)
    expect(scripts.filter((name) => !SCRIPTS.includes(name ?? ''))).toEqual([])
    const files = [...README.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => path ?? '')
    expect(files.length).toBeGreaterThan(2)
    expect(files.filter((path) => !existsSync(join(PROJECT, path)))).toEqual([])
  })

  it('has a picture of the session that its text shows', () => {
    const picture = readFileSync(join(PROJECT, 'docs', 'images', 'terminal.svg'), 'utf8')
    const drawn = [...picture.matchAll(/<tspan[^>]*>([^<]*)<\/tspan>/g)].map(([, text = '']) => text).join('')
    const written = sessionIn(README)
      .map(({ command, output }) => `$ ${command}${output}`)
      .join('')
    const squeezed = (text: string): string =>
      text
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&')
        .replaceAll(/\s+/g, '')
    expect(squeezed(drawn)).toBe(squeezed(written))
  })
})
