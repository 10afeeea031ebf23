// What a model is shown of a document's pictures, and what comes of its answers, whatever protocol its server speaks.
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createLlmCompiler, type LookReply } from '../../../src/compile/llm/compiler.ts'
import type { Prepared } from '../../../src/core/document/prepared.ts'
import type { ModelOptions } from '../../../src/io/model/model.ts'
import { png } from '../../support/documents.ts'
import { startModelServer, type ServerCounts, type ServerPlan } from '../../support/model-server.ts'
import { IDS, openTestModel, stageShort, temporaryFolder } from '../../support/models.ts'

type Look = { looked: LookReply | undefined; counts: ServerCounts; prompts: string[] }
type Staged = { text?: string; pictures?: number; bytes?: Uint8Array; isScan?: boolean; max?: number }

/** A document of `pictures` figures, or of one page that was drawn with the only figure on it. */
async function lookAt(plan: ServerPlan, staged: Staged = {}, options: Partial<ModelOptions> = {}): Promise<Look> {
  await using server = await startModelServer(plan)
  await using folder = await temporaryFolder()
  const model = await openTestModel(server.url, { retries: 1, ...options })
  const compiler = createLlmCompiler({ model, language: 'en', entityTypes: ['other'] })
  const prepared = await stage(folder.path, staged)
  const input = {
    prepared,
    staging: folder.path,
    fallbackTitle: 'catch',
    label: 'catch.md',
    picturesMax: staged.max ?? 20,
  }
  const looked = await compiler.look(input, new AbortController().signal)
  return { looked, counts: server.counts(), prompts: server.prompts() }
}

async function stage(folder: string, { pictures = 1, bytes, isScan = false, text }: Staged): Promise<Prepared> {
  await mkdir(join(folder, 'images'))
  await mkdir(join(folder, 'scans'))
  const images = []
  for (let at = 1; at <= pictures; at++) {
    const picture = bytes ?? png(64, at)
    await writeFile(join(folder, 'images', `${at}.png`), picture)
    images.push({ file: `${at}.png`, sha256: sha256Of(picture), size: picture.length })
  }
  const page = png(90)
  await writeFile(join(folder, 'scans/3.png'), page)
  const scan = { page: 3, file: 'scans/3.png', sha256: sha256Of(page), size: page.length, images: ['1.png'] }
  const body = text ?? images.map(({ file }, at) => `Figure ${at + 1}.\n\n![](kbgit-image:${file})`).join('\n\n')
  return stageShort(folder, body, { images, ...(isScan ? { scans: [scan] } : {}) })
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe.each(IDS)('%s', (id) => {
  test('sees a figure', async () => {
    const sights = [{ match: 'Figure 1.', description: 'A bar chart.', text: '40 tons' }]
    const { looked, counts, prompts } = await lookAt({ sights }, {}, { id })
    expect(looked?.seen).toEqual({
      pictures: [{ sha256: sha256Of(png(64, 1)), description: 'A bar chart.', text: '40 tons' }],
      pages: [],
    })
    expect(looked?.notes).toEqual(['1 picture was described by a model and may be described wrongly.'])
    expect(counts.withPictures).toBe(1)
    expect(prompts[0]).toContain('never as instructions')
  })

  test('refuses pictures', async () => {
    const { looked } = await lookAt({ behaviour: { pictures: 'refuse' } }, {}, { id, retries: 0 })
    expect(looked).toMatchObject({ seen: { pictures: [] }, failed: 0, isBlind: true })
    expect(looked?.notes).toEqual(['1 picture was not described: the model takes no pictures.'])
  })

  test('knows no schemas, and writes around the answer', async () => {
    const { looked } = await lookAt({ behaviour: { forms: [], around: 'think' } }, {}, { id })
    expect(looked?.seen.pictures).toHaveLength(1)
  })
})

test('a page without letters is read as a page, and the figures on it are not shown again', async () => {
  const sights = [{ match: 'Page 3', description: 'A stamp.', text: '```markdown\n# Minutes\n\nThe board met.\n```' }]
  const { looked, counts } = await lookAt({ sights }, { isScan: true, pictures: 2 })
  expect(looked?.seen.pages).toEqual([{ page: 3, description: 'A stamp.', text: '# Minutes\n\nThe board met.' }])
  expect(looked?.seen.pictures).toHaveLength(1)
  expect(counts.withPictures).toBe(2)
})

test('the same picture is shown once, and no more than the maximum; the others are counted', async () => {
  const text = [1, 1, 2, 3].map((at) => `![](kbgit-image:${at}.png)`).join('\n\n')
  const { looked, counts } = await lookAt({}, { text, pictures: 3, max: 2 })
  expect(counts.withPictures).toBe(2)
  expect(looked?.notes.at(-1)).toBe('1 picture was not shown to the model (vision_images_max).')
})

test('a picture that providers do not take is not sent, and counted', async () => {
  const { looked, counts } = await lookAt({}, { bytes: Buffer.alloc(4_000_000) })
  expect(counts.requests).toBe(0)
  expect(looked?.notes).toEqual(['1 picture was not described: models do not take pictures of this size or format.'])
})

test('a document without pictures costs nothing', async () => {
  const { looked, counts } = await lookAt({}, { pictures: 0, text: 'No pictures.' })
  expect(looked).toBeUndefined()
  expect(counts.requests).toBe(0)
})

test.each(['wrongSchema', 'serverError', 'empty', 'brokenBody'] as const)(
  'a server that fails (%s) on a picture fails on that one alone',
  async (fault) => {
    const { looked } = await lookAt({ faults: [{ fault, match: 'Figure 1.' }] }, { pictures: 2, text: FAR })
    expect(looked).toMatchObject({ failed: 1, isBlind: false, seen: { pictures: [{ sha256: sha256Of(png(64, 2)) }] } })
    expect(looked?.notes).toContain('1 picture was not described: the model gave no answer to use.')
  },
)

/** So far apart that neither is in the text around the other. */
const FAR = `Figure 1.\n\n![](kbgit-image:1.png)\n\n${'Long text. '.repeat(100)}\n\nFigure 2.\n\n![](kbgit-image:2.png)`

test('a refused key ends the run', async () => {
  await expect(lookAt({ faults: [{ fault: 'auth' }] })).rejects.toMatchObject({ code: 'modelAuth' })
})

test('a model that says that it sees no picture describes nothing, and excuses are no descriptions', async () => {
  const { looked } = await lookAt({ behaviour: { pictures: 'drop' } })
  expect(looked).toMatchObject({ isBlind: true, seen: { pictures: [] } })
  const excuse = await lookAt({ faults: [{ fault: 'nonAnswer' }] })
  expect(excuse.looked?.seen.pictures).toMatchObject([{ description: '', text: '' }])
  expect(excuse.looked?.notes).toEqual([])
})
