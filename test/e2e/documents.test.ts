import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentRecord } from '../../src/core/document/document.ts'
import type { AddResult } from '../../src/core/results.ts'
import { inPipes } from '../support/command.ts'
import { png } from '../support/documents.ts'
import { pdf } from '../support/pdf.ts'
import { unmappedPdf } from '../support/pdf-unmapped.ts'

let root = ''
let base = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'kbgit-documents-'))
  base = join(root, 'base')
  expect((await inPipes(['init', base])).code).toBe(0)
  await writeFile(
    join(base, 'kbgit.yaml'),
    'version: 1\ndurability: process\nlimits:\n  fetch_max: 1MiB\n  redirects: 2\n  fetch_timeout: 5s\n',
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

async function kbgit<T>(...argv: string[]): Promise<T> {
  return JSON.parse((await inPipes(['--kb', base, '--json', ...argv], { cwd: root })).stdout) as T
}
const add = (...argv: string[]): Promise<AddResult> => kbgit('add', ...argv)
const recordOf = async (name: string): Promise<DocumentRecord> =>
  JSON.parse(await readFile(join(base, 'documents', `${name}.json`), 'utf8')) as DocumentRecord
const page = (path: string): Promise<string> => readFile(join(base, path), 'utf8')

describe('a long document', () => {
  const beasts =
    'Ants Bears Crows Deer Eagles Foxes Geese Hares Ibexes Jays Kites Larks Moles Newts Otters Pikes Walruses Rats Seals Toads Urchins Voles Wolves Yaks'.split(
      ' ',
    )
  const report = beasts.map((beast, index) => ({
    lines: [
      { text: `${index + 1} ${beast}`, y: 72 + index, size: 18, bold: true },
      { text: `The Acme Corporation measured the population of ${beast.toLowerCase()} in Paris.`, y: 120 + index },
    ],
  }))
  const outline = report.map(({ lines }, index) => ({ title: lines[0]?.text ?? '', page: index + 1 }))
  const path = (): string => join(root, 'report.pdf')

  it('is committed with its pages and its tree, and its summary has the outline', async () => {
    await writeFile(
      path(),
      pdf(report, { title: 'Yearly report', author: 'Alice Smith', created: 'D:20260102030405Z', outline }),
    )
    expect((await add(path())).added).toMatchObject([{ name: 'report', pages: 24 }])
    const pages = JSON.parse(await page('wiki/sources/report.json')) as unknown[]
    expect(pages).toHaveLength(24)
    expect(pages[16]).toEqual({ page: 17, content: expect.stringContaining('walruses'), images: [] })
    const tree = JSON.parse(await page('wiki/sources/report.tree.json')) as { doc_name: string; structure: object[] }
    expect(tree).toMatchObject({
      doc_name: 'report',
      structure: expect.arrayContaining([
        expect.objectContaining({ title: '17 Walruses', node_id: '0017', start_index: 17, end_index: 17 }),
      ]),
    })
    const summary = await page('wiki/summaries/report.md')
    expect(summary).toContain('- 17 Walruses (page 17)')
    expect(summary).toMatch(/^pages: 24$/m)
    expect(summary).toMatch(/^language: en$/m)
    expect(summary).toMatch(/^author: "Alice Smith"$/m)
    expect(summary).toMatch(/^date: "2026-01-02T03:04:05Z"$/m)
  })

  it('is found by the words of a page and of a section, with its page number', async () => {
    const { hits } = await kbgit<{ hits: { document: string; pageNumber: number }[] }>(
      'search',
      'population of walruses',
    )
    expect(hits).toContainEqual(expect.objectContaining({ document: 'report', pageNumber: 17 }))
  })

  it('leaves nothing stale when it becomes short, and long again', async () => {
    await writeFile(path(), pdf(report.slice(0, 3), { title: 'Short report' }))
    expect((await add(path())).updated).toMatchObject([{ name: 'report', pages: 3 }])
    expect((await readdir(join(base, 'wiki/sources'))).filter((name) => name.startsWith('report'))).toEqual([
      'report.md',
    ])
    expect(await recordOf('report')).toMatchObject({ kind: 'short', source: 'wiki/sources/report.md' })
    expect(JSON.stringify(await kbgit('search', 'walruses'))).not.toContain('"report"')
    await writeFile(path(), pdf(report, { title: 'Long report', outline }))
    await add(path())
    expect((await readdir(join(base, 'wiki/sources'))).filter((name) => name.startsWith('report')).sort()).toEqual([
      'report.json',
      'report.tree.json',
    ])
    expect((await inPipes(['--kb', base, 'fsck'])).code).toBe(0)
  })

  it('keeps each of its pictures once, linked from its page, without decorations', async () => {
    const picture = (seed: number, side: number): string =>
      `<img alt="Figure ${seed}" src="data:image/png;base64,${png(side, seed).toString('base64')}">`
    const parts = Array.from(
      { length: 60 },
      (_, index) =>
        `<h2>Part ${index}</h2><p>${'Words of a part. '.repeat(80)}</p>${picture(index % 2, 64)}${picture(7, 16)}`,
    )
    await writeFile(join(root, 'album.html'), `<!doctype html><body><h1>Album</h1>${parts.join('')}</body>`)
    await add(join(root, 'album.html'))
    const record = await recordOf('album')
    expect(record).toMatchObject({
      kind: 'long',
      images: ['wiki/sources/images/album/1.png', 'wiki/sources/images/album/2.png'],
    })
    const pages = JSON.parse(await page(record.source)) as { content: string; images: string[] }[]
    const links = pages.flatMap(({ content }) =>
      [...content.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? ''),
    )
    expect(links).toHaveLength(60)
    for (const link of new Set(links))
      expect((await stat(join(base, dirname(record.source), link))).isFile()).toBe(true)
  })
})

describe('a page whose letters make no sense', () => {
  it('is read by text recognition, and its summary says so', async () => {
    const lines = [
      'The outer mole is closed from Monday until Friday.',
      'Boats may use the inner harbour and pay half of the fee.',
      'The pilots answer on the usual channel.',
    ]
    await writeFile(join(root, 'mole.pdf'), await unmappedPdf(lines))
    expect((await add(join(root, 'mole.pdf'))).added).toMatchObject([{ name: 'mole' }])
    expect(await page('wiki/sources/mole.md')).toContain('The outer mole is closed from Monday until Friday.')
    expect(await page('wiki/summaries/mole.md')).toContain('Page 1 was read by text recognition')
  })
})

describe('a web page', () => {
  let server: Server
  let site = ''
  let article = 'The Falcon Engine runs in Paris.'
  beforeAll(async () => {
    server = createServer(({ url = '/' }, response) => {
      const send = (type: string, body: string | Buffer): void =>
        void response.writeHead(200, { 'content-type': type }).end(body)
      if (url === '/moved') response.writeHead(302, { location: '/article?from=moved' }).end()
      else if (url.startsWith('/round')) response.writeHead(302, { location: `/round${url.length}` + url }).end()
      else if (url.startsWith('/article')) {
        send(
          'text/html; charset=windows-1252',
          Buffer.from(
            `<html lang="en"><head><title>Falcon</title><link rel="canonical" href="/article"><meta name="author" content="Zo\u00eb"><meta name="date" content="2026-03-04"></head><body><article><h1>Falcon</h1><p>${article}</p></article></body></html>`,
            'latin1',
          ),
        )
      } else if (url === '/paper')
        send(
          'application/octet-stream',
          pdf([{ lines: [{ text: 'Otters swim in rivers.', y: 100 }] }], { title: 'Otters' }),
        )
      else if (url === '/plain') send('text/plain; charset=shift_jis', Buffer.from('93fa967b8cea', 'hex'))
      else if (url === '/table') send('text/csv', 'name,age\nAda,36\n')
      else if (url === '/large') send('text/plain', 'x'.repeat(2 * 1024 ** 2))
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it('is not fetched from this machine unless asked to', async () => {
    expect((await add(`${site}/article`)).failed).toMatchObject([
      { path: `${site}/article`, error: { code: 'fetchRefused', hint: expect.stringContaining('--allow-private') } },
    ])
  })

  it('is identified by its canonical address, and updated when it is added again', async () => {
    expect((await add('--allow-private', `${site}/moved`)).added).toHaveLength(1)
    const [{ name = '' } = {}] = (await kbgit<{ documents: DocumentRecord[] }>('list')).documents.filter(
      ({ origin }) => origin === `${site}/article`,
    )
    expect((await add('--allow-private', `${site}/article`)).skipped).toMatchObject([{ reason: 'unchanged', name }])
    article = 'The Falcon Engine now runs in Berlin.'
    expect((await add('--allow-private', `${site}/article`)).updated).toMatchObject([{ name, path: `${site}/article` }])
    const summary = await page(`wiki/summaries/${name}.md`)
    expect(summary).toMatch(/^title: Falcon$/m)
    expect(summary).toMatch(/^author: "Zoë"$/m)
    expect(summary).toMatch(/^date: "?2026-03-04"?$/m)
    expect(summary).toContain(`url: "${site}/article"`)
    expect(await page((await recordOf(name)).source)).toContain('Berlin')
  })

  it('is read by its actual type, in the encoding that the server names', async () => {
    const { added } = await add('--allow-private', `${site}/paper`, `${site}/plain`, `${site}/table`)
    const records = await Promise.all(added.map(({ name }) => recordOf(name)))
    expect(records.map(({ format }) => format)).toEqual(['pdf', 'txt', 'csv'])
    expect(await page(records[1]?.source ?? '')).toContain('日本語')
    expect(await page(records[2]?.source ?? '')).toContain('| Ada')
  })

  it('is limited in size and redirects, and its failure affects nothing else', async () => {
    await writeFile(join(root, 'beside.md'), '# Beside\n\nA note of one line.\n')
    const { added, failed } = await add(
      '--allow-private',
      `${site}/large`,
      `${site}/round`,
      `${site}/absent`,
      join(root, 'beside.md'),
    )
    expect(failed.map(({ error }) => error.code)).toEqual(['fetchFailed', 'fetchFailed', 'fetchFailed'])
    expect(added).toMatchObject([{ name: 'beside' }])
  })
})

describe('a folder', () => {
  it('skips hidden, ignored and excluded files and the base itself, and keeps the paths of the rest', async () => {
    const folder = join(root, 'library')
    const files = [
      'notes/rivers/otter.md',
      'notes/draft.md',
      'notes/.hidden.md',
      '.git/config.md',
      'notes/skipped/x.md',
      'program.bin',
      'notes/.kbgitignore',
    ]
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(
        join(folder, file),
        file.endsWith('ignore')
          ? 'skipped/\n'
          : file.endsWith('bin')
            ? Buffer.from([0, 1, 2, 3, 0])
            : `# ${file}\n\nA note on ${file}.\n`,
      )
    }
    const { added, skipped, failed } = await add(
      root,
      '--exclude',
      'draft.md',
      '--exclude',
      '*.pdf',
      '--exclude',
      '*.html',
      '--exclude',
      'beside.md',
    )
    expect(failed).toEqual([])
    expect(added.map(({ name }) => name)).toEqual(['otter'])
    expect(skipped).toEqual([{ path: join(folder, 'program.bin'), reason: 'unsupported' }])
    expect(await page('wiki/summaries/otter.md')).toContain('from the folder library/notes/rivers')
  })
})
