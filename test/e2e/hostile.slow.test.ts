import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AddResult } from '../../src/core/results.ts'
import { inPipes } from '../support/command.ts'
import { ARCHIVES, INERT, MARKUP, PDFS, QUADRATIC, type Hostile } from '../support/hostile-documents.ts'

const GROUPS = { ARCHIVES, MARKUP, PDFS, QUADRATIC }
const LIMITS =
  'limits:\n  archive_bytes: 8MiB\n  archive_entries: 500\n  convert_timeout: 60s\n  convert_memory: 512MiB\n'

let root = ''
let base = ''
let around: string[] = []
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kbgit-hostile-'))
  base = join(root, 'base')
  env = { HOME: join(root, 'home'), TMPDIR: join(root, 'tmp') }
  for (const folder of Object.values(env)) await mkdir(folder)
  for (const [group, documents] of Object.entries(GROUPS))
    await write(group, Object.fromEntries(Object.entries(documents).map(([name, { content }]) => [name, content])))
  await write('INERT', INERT)
  await writeFile(join(root, 'last.md'), '# The last note\n\nIt is added as if nothing had happened.\n')
  expect((await inPipes(['init', base], { env })).code).toBe(0)
  await writeFile(join(base, 'kbgit.yaml'), `version: 1\ndurability: process\n${LIMITS}`)
  around = await outside()
})
afterAll(() => rm(root, { recursive: true, force: true }))

/** Hostile documents must leave nothing in the home folder or among temporary files either. */
let env: Record<string, string> = {}

async function write(folder: string, documents: Record<string, string | Buffer>): Promise<void> {
  await mkdir(join(root, folder))
  for (const [name, content] of Object.entries(documents)) await writeFile(join(root, folder, name), content)
}

/** All paths outside the base. */
async function outside(): Promise<string[]> {
  return (await readdir(root, { recursive: true })).filter((path) => !path.startsWith('base')).sort()
}

async function add(...inputs: string[]): Promise<AddResult & { code: number | null }> {
  const { code, stdout } = await inPipes(['--kb', base, 'add', '--json', ...inputs.map((input) => join(root, input))], {
    cwd: root,
    env,
  })
  return { ...(JSON.parse(stdout) as AddResult), code }
}

describe('a batch of hostile documents', () => {
  const codes = new Map<string, number | null>()

  it.each(Object.entries(GROUPS))(
    '%s: each is refused for a reason or comes out as text, and the batch goes on',
    async (group, documents: Record<string, Hostile>) => {
      const { added, failed, stopped, code } = await add(group, 'last.md')
      expect(stopped).toBeUndefined()
      codes.set(group, code)
      const ends = new Map([
        ...added.map(({ path }): [string, string] => [basename(path), 'added']),
        ...failed.map(({ path, error }): [string, string] => [basename(path), error.code]),
      ])
      for (const [name, { becomes }] of Object.entries(documents)) {
        expect(becomes === 'added' ? ['added'] : becomes, `${name} became ${ends.get(name)}`).toContain(ends.get(name))
      }
      for (const { path, error } of failed) {
        expect(error.message).toContain(basename(path))
        expect(error.hint, `${error.code}: ${error.message}`).toBeTruthy()
      }
    },
  )

  it('is reported as partly failed if a part failed', () => {
    expect(codes.get('ARCHIVES')).toBe(3)
  })
})

describe('documents with active content', () => {
  it('become text that does nothing, in every page and in the text of long documents', async () => {
    const { added, failed, code } = await add('INERT')
    expect({ code, failed, count: added.length }).toEqual({ code: 0, failed: [], count: Object.keys(INERT).length })
    const names = new Set(
      (await readdir(join(base, 'wiki'), { recursive: true })).flatMap((path) => [path, path.replace(/\.md$/, '')]),
    )
    for (const [path, text] of await pages()) {
      const shown = text
        .replace(/^---\n[\s\S]*?\n---\n/, '')
        .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, '')
        .replace(/`[^`\n]+`/g, '')
      expect(shown, path).not.toMatch(/(?<!\\)<[a-z/!]/i)
      expect(shown, path).not.toMatch(/(?<!\\)!\[[^\]]*\]\((?!images\/|\.\.\/|v\d)/)
      expect(shown, path).not.toMatch(/\]\((?:javascript|file|vbscript|data):/i)
      expect(shown, path).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]|[^\P{Cc}\n\t]|\u200b{4}/u)
      // The only links between pages are kbgit's own, and they lead to a page.
      for (const [, target = ''] of shown.matchAll(/(?<!\\)\[(?<!\\)\[([^[\]|#\n]+)[^\]\n]*\]\]/g))
        expect(names, `${path}: [[${target}`).toContain(target)
    }
  })

  it('keep their code unchanged', async () => {
    const texts = (await pages()).map(([, text]) => text)
    expect(texts.some((text) => text.includes('```html\n<script>kept(1)</script>\n```'))).toBe(true)
  })

  it('cannot write front matter of their own', async () => {
    const summary = await readFile(join(base, 'wiki/summaries/front.md'), 'utf8')
    const front = summary.slice(0, summary.indexOf('\n---\n', 4))
    expect(front).toMatch(/^---\ntype: summary\n/)
    expect(front).not.toMatch(/^(?:kbgit|sources):/m)
    expect(front.match(/^(?:type|sha256|language):/gm)).toHaveLength(
      new Set(front.match(/^(?:type|sha256|language):/gm)).size,
    )
  })

  it('cannot write trailers of their own', async () => {
    const { stdout } = await inPipes(['--kb', base, 'log', '--json', '-n', '1000'], { env })
    const { commits } = JSON.parse(stdout) as { commits: { operation: string; documents: string[] }[] }
    const named = commits.filter(({ operation }) => operation === 'add').map(({ documents }) => documents)
    expect(named.length).toBeGreaterThan(Object.keys(INERT).length)
    expect(
      named.filter((documents) => documents.length !== 1 || documents[0] === 'other' || documents[0] === 'evil'),
    ).toEqual([])
  })
})

it('nothing is left outside the base, and the base passes fsck', async () => {
  expect(await outside()).toEqual(around)
  expect((await readdir('/tmp')).filter((name) => name.startsWith('escaped'))).toEqual([])
  expect(await inPipes(['--kb', base, 'fsck'], { env })).toMatchObject({ code: 0 })
})

/** Pages of the wiki, and pages of long documents, with their locations. */
async function pages(): Promise<[string, string][]> {
  const wiki = join(base, 'wiki')
  const found: [string, string][] = []
  for (const path of await readdir(wiki, { recursive: true })) {
    const name = relative('.', path)
    if (name.endsWith('.md')) found.push([name, await readFile(join(wiki, name), 'utf8')])
    if (!name.endsWith('.json') || name.endsWith('.tree.json')) continue
    const long = JSON.parse(await readFile(join(wiki, name), 'utf8')) as { page: number; content: string }[]
    found.push(...long.map(({ page, content }): [string, string] => [`${name}, page ${page}`, content]))
  }
  return found
}
