// Adding documents with the real command: one commit per document, in scan order, the same bytes however it is run.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { docx, paragraph, png, pptx, workbook } from '../support/documents.ts'
import { pdf } from '../support/pdf.ts'
import { contentOf, Workplace } from '../support/workplace.ts'

type Document = { name: string; path: string; sha256: string; commit: string; pages?: number }
type Added = {
  added: Document[]
  updated: Document[]
  skipped: { path: string; reason: string; name?: string }[]
  failed: { path: string; error: { code: string } }[]
  overview: { pages: number; commit?: string }
  base: string
  head: string
}
type Listed = {
  documents: {
    name: string
    kind: string
    raw: string
    source: string
    tree?: string
    pages?: number
    commit: string
  }[]
  concepts: unknown[]
  entities: unknown[]
}

const EPOCH = { SOURCE_DATE_EPOCH: '1700000000' }
const page = (text: string) => ({
  lines: [
    { text, y: 72, size: 20 },
    { text: `What the page says of ${text}.`, y: 120 },
  ],
})
const HEX40 = /^[0-9a-f]{40}$/
const HEX64 = /^[0-9a-f]{64}$/

/** Documents of many formats, some with topics in common. */
function writeDocuments(place: Workplace): void {
  const about = (n: number): string =>
    `# Tide gauge ${n}\n\nThe Harbour Office reads the tide gauge. A tide gauge measures sea level at station ${n}.\n\n## Sea level\n\nSea level rises by ${n} mm a year, says the Harbour Office in Aberdeen.\n`
  for (let n = 1; n <= 6; n++) place.write(`in/notes/gauge-${n}.md`, about(n))
  place.write('in/a/report.txt', 'The tide gauge of the Harbour Office stands in Aberdeen.\n')
  place.write('in/b/report.txt', 'Another report on sea level and the tide gauge.\n')
  place.write('in/table.csv', 'station,level\nAberdeen,4\nLeith,5\n')
  place.write(
    'in/page.html',
    '<html><head><title>Harbours</title></head><body><main><h1>Harbours</h1><p>A harbour has a tide gauge and an office.</p></main></body></html>',
  )
  place.write('in/short.pdf', pdf([page('Sea level')], { title: 'Sea level' }))
  place.write(
    'in/long.pdf',
    pdf(
      Array.from({ length: 21 }, (_, index) => page(`Chapter ${index + 1}`)),
      {
        outline: [
          { title: 'Chapter 1', page: 1 },
          { title: 'Chapter 9', page: 9 },
        ],
      },
    ),
  )
  place.write('in/word.docx', docx(paragraph('The tide gauge is read by the Harbour Office.')))
  place.write('in/slides.pptx', pptx([{ title: 'Tide gauges', body: ['They measure sea level'] }]))
  place.write(
    'in/sheet.xlsx',
    workbook(
      {
        Levels: [
          ['station', 'level'],
          ['Aberdeen', 4],
        ],
      },
      'xlsx',
    ),
  )
}

const expectSound = async (place: Workplace): Promise<void> => {
  expect(place.git('status', '--porcelain')).toBe('')
  expect(place.git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(await place.json('fsck')).toMatchObject({ code: 0, value: { ok: true, problems: [] } })
}

describe('adding a folder', () => {
  it('commits each document in scan order, reports each file once, and has nothing to do the second time', async () => {
    using place = await Workplace.withBase()
    writeDocuments(place)
    const { code, value } = await place.json<Added>('add', '../in')
    expect({ code, failed: value.failed, skipped: value.skipped }).toEqual({ code: 0, failed: [], skipped: [] })
    expect(Object.keys(value).sort()).toEqual([
      'added',
      'base',
      'elapsedMs',
      'failed',
      'head',
      'ignored',
      'leftOut',
      'model',
      'overview',
      'skipped',
      'updated',
    ])
    expect(value.added).toHaveLength(15)
    for (const document of value.added)
      expect(document).toMatchObject({
        commit: expect.stringMatching(HEX40),
        sha256: expect.stringMatching(HEX64),
        path: expect.stringMatching(/^\//),
      })
    const paths = value.added.map(({ path }) => path)
    expect(paths).toEqual(paths.toSorted())
    expect(
      value.added.filter(({ pages }) => pages !== undefined).map(({ name, pages }) => [name, pages]),
    ).toContainEqual(['long', 21])
    expect(value.added.map(({ name }) => name)).toContain('report')
    expect(value.added.map(({ name }) => name)).toContain('report-2')
    const commits = place.git('log', '--format=%H %s', '--reverse', `${value.base}..${value.head}`).split('\n')
    expect(commits.slice(0, 15)).toEqual(value.added.map(({ name, commit }) => `${commit} add: ${name}`))
    expect(commits.slice(15)).toEqual(
      value.overview.commit === undefined ? [] : [`${value.overview.commit} overview: ${value.overview.pages} pages`],
    )
    await expectSound(place)
    // The sidecar and git have the same contents of the commit.
    const told = async (): Promise<unknown> => {
      const { documents, concepts, entities } = (await place.json('status')).value
      return { list: (await place.json('list')).value, documents, concepts, entities }
    }
    const before = await told()
    rmSync(join(place.base, '.git/kbgit/catalog.db'))
    expect(await told()).toEqual(before)

    const again = await place.json<Added>('add', '../in')
    expect(again).toMatchObject({ code: 0, value: { added: [], updated: [], failed: [], head: value.head } })
    expect(again.value.skipped.map(({ path, reason }) => [path, reason])).toEqual(
      paths.map((path) => [path, 'unchanged']),
    )

    const { value: listed } = await place.json<Listed>('list')
    expect(listed.documents).toHaveLength(15)
    for (const document of listed.documents) {
      expect(document).toMatchObject({
        name: expect.any(String),
        title: expect.any(String),
        sha256: expect.stringMatching(HEX64),
        format: expect.any(String),
        kind: expect.stringMatching(/^(short|long)$/),
        origin: expect.any(String),
        raw: expect.stringMatching(/^raw\//),
        source: expect.stringMatching(/^wiki\/sources\//),
        summary: expect.stringMatching(/^wiki\/summaries\//),
        addedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        commit: expect.stringMatching(HEX40),
      })
      expect(document.tree !== undefined).toBe(document.kind === 'long')
    }
    for (const topic of [...listed.concepts, ...listed.entities])
      expect(topic).toMatchObject({
        name: expect.any(String),
        path: expect.stringMatching(/^wiki\//),
        sources: expect.anything(),
      })
    const file = readFileSync(join(place.dir, 'in', 'long.pdf'))
    expect(readFileSync(join(place.base, 'raw', 'long.pdf')).equals(file)).toBe(true)
    const other = Object.entries(contentOf(place.base)).filter(([, told]) => !told.startsWith('644 '))
    expect(other).toEqual([])
  })

  it('gives the same tree, byte for byte, for any number of jobs and in any folder', async () => {
    using place = new Workplace()
    writeDocuments(place)
    const trees = new Set<string>()
    for (const jobs of ['1', '2', '8']) {
      place.base = join(place.dir, `base-${jobs}`)
      mkdirSync(place.base)
      expect((await place.kbgitIn({ env: EPOCH }, 'init', '--no-hooks')).code).toBe(0)
      expect((await place.kbgitIn({ env: EPOCH }, 'add', '-q', '-j', jobs, '../in')).code).toBe(0)
      trees.add(place.git('rev-parse', 'HEAD^{tree}'))
    }
    expect([...trees]).toHaveLength(1)
    expect(place.git('log', '-1', '--format=%aI %cI')).toBe(
      '2023-11-14T22:13:20Z 2023-11-14T22:13:20Z'.replaceAll('Z', '+00:00'),
    )
  })

  it('removes a reverted document and, when the revert is reverted, restores it without converting it', async () => {
    using place = await Workplace.withBase()
    for (let n = 1; n <= 3; n++)
      place.write(
        `in/n${n}.md`,
        `# Note ${n}\n\nThe Harbour Office reads tide gauge number ${n} in Aberdeen. The tide gauge is old.\n`,
      )
    const { value } = await place.json<Added>('add', '../in')
    const before = contentOf(place.base)
    place.git('revert', '--no-edit', value.added.find(({ name }) => name === 'n3')?.commit ?? '')
    expect((await place.json<Listed>('list')).value.documents.map(({ name }) => name)).toEqual(['n1', 'n2'])
    await expectSound(place)
    place.git('revert', '--no-edit', 'HEAD')
    expect(contentOf(place.base)).toEqual(before)
    expect((await place.json<Listed>('list')).value.documents.map(({ name }) => name)).toEqual(['n1', 'n2', 'n3'])
    await expectSound(place)
    expect((await place.json<Added>('add', '../in')).value.skipped.map(({ reason }) => reason)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ])
  })
})

describe('content that is already known', () => {
  it('skips known content in another place, updates a changed file, and follows renames but not copies', async () => {
    using place = await Workplace.withBase()
    const first = place.write('in/a.md', '# Alpha\n\nAlpha text.\n')
    place.write('in/copy.md', '# Alpha\n\nAlpha text.\n')
    const { value } = await place.json<Added>('add', '../in')
    expect(value.added.map(({ name }) => name)).toEqual(['a'])
    expect(value.skipped).toEqual([{ path: join(place.dir, 'in', 'copy.md'), reason: 'duplicate', name: 'a' }])
    renameSync(first, join(place.dir, 'in', 'renamed.md'))
    expect((await place.json<Added>('add', '../in/renamed.md')).value.skipped).toMatchObject([
      { reason: 'duplicate', name: 'a' },
    ])
    const renamed = place.write('in/renamed.md', '# Alpha\n\nNew text.\n')
    const updated = await place.json<Added>('add', '../in/renamed.md')
    expect(updated.value).toMatchObject({ added: [], updated: [{ name: 'a', path: renamed }] })
    expect(place.git('log', '--format=%s').split('\n')).toContain('update: a')
    expect(place.read('raw/a.md')).toBe('# Alpha\n\nNew text.\n')
    expect((await place.json<Listed>('list')).value.documents).toHaveLength(1)
    await expectSound(place)
  })

  it('leaves nothing stale when a document becomes long and short again', async () => {
    using place = await Workplace.withBase()
    const short = pdf([page('Short')])
    const long = pdf(Array.from({ length: 22 }, (_, index) => page(`Part ${index + 1}`)))
    const sources = (): string[] =>
      place
        .git('ls-files', 'wiki/sources', 'raw')
        .split('\n')
        .filter((path) => !path.endsWith('.gitattributes'))
    place.write('in/d.pdf', short)
    await place.kbgit('add', '../in')
    expect(sources()).toEqual(['raw/d.pdf', 'wiki/sources/d.md'])
    place.write('in/d.pdf', long)
    await place.kbgit('add', '../in')
    expect(sources()).toEqual(['raw/d.pdf', 'wiki/sources/d.json', 'wiki/sources/d.tree.json'])
    await expectSound(place)
    place.write('in/d.pdf', short)
    await place.kbgit('add', '../in')
    expect(sources()).toEqual(['raw/d.pdf', 'wiki/sources/d.md'])
    await expectSound(place)
  })

  it('deletes the pictures that an updated document no longer has', async () => {
    using place = await Workplace.withBase()
    const images = (): string[] =>
      place
        .git('ls-files', 'wiki/sources/images')
        .split('\n')
        .filter((path) => path !== '')
    place.write('in/d.docx', pictured(3))
    await place.kbgit('add', '../in')
    expect(images()).toHaveLength(3)
    place.write('in/d.docx', pictured(1))
    await place.kbgit('add', '../in')
    expect(images()).toHaveLength(1)
    await expectSound(place)
    place.write('in/d.docx', pictured(0))
    await place.kbgit('add', '../in')
    expect(images()).toEqual([])
    expect(existsSync(join(place.base, 'wiki', 'sources', 'images'))).toBe(false)
    await expectSound(place)
  })

  it('keeps an original over raw_git_limit as a pointer, and returns its bytes', async () => {
    using place = await Workplace.withBase('notes of Zoë/my base')
    writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('10MiB', '1KiB'))
    place.git('commit', '-qam', 'lower the limit')
    const bytes = `# Big\n\n${'All the words of a big file. '.repeat(100)}\n`
    const file = place.write('big.md', bytes)
    expect((await place.kbgit('add', file)).code).toBe(0)
    const { value } = await place.json<Listed>('list')
    expect(value.documents[0]?.raw).toBe('raw/large/big.md')
    expect(place.git('show', 'HEAD:raw/large/big.md')).toMatch(
      /^version https:\/\/git-lfs.github.com\/spec\/v1\noid sha256:[0-9a-f]{64}\nsize \d+$/,
    )
    expect(await place.kbgit('show', '--raw', 'big')).toMatchObject({ code: 0, stdout: bytes })
    await expectSound(place)
    expect(await place.json('fsck', '--blobs')).toMatchObject({ code: 0, value: { ok: true } })
    writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('1KiB', '10MiB'))
    place.git('commit', '-qam', 'raise the limit')
    place.write('big.md', `${bytes}\nMore.\n`)
    expect((await place.kbgit('add', file)).code).toBe(0)
    expect(place.git('ls-files', 'raw')).toBe('raw/.gitattributes\nraw/big.md')
    expect(await place.kbgit('show', '--raw', 'big')).toMatchObject({ code: 0, stdout: `${bytes}\nMore.\n` })
    await expectSound(place)
  })
})

/** A Word document with as many different pictures. */
function pictured(count: number): Buffer {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const drawing = (n: number): string =>
    `<w:p><w:r><w:drawing><wp:inline><wp:docPr id="${n}" name="x" descr="Picture ${n}"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="r${n}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
  return docx(paragraph('Pictures follow.') + numbers.map(drawing).join(''), {
    links: numbers.map((n) => ({ id: `r${n}`, type: 'image', target: `media/${n}.png` })),
    members: numbers.map((n) => ({ name: `word/media/${n}.png`, content: png(64, n) })),
  })
}
