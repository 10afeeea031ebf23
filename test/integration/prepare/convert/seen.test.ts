// The text that a model saw on pictures takes its place in the document.
import { describe, expect, test } from 'vitest'
import { writeFile, readFile, mkdir } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { png } from '../../../support/documents.ts'
import { pdf } from '../../../support/pdf.ts'
import { drawText, pngWith } from '../../../support/pictures.ts'
import { StagingFolder } from '../../../support/staging.ts'

const folder = await StagingFolder.make()
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** A note beside pictures of these seeds, `1.png` and so on. */
async function note(markdown: string, texts: { description?: string; text?: string }[]): Promise<string> {
  await mkdir(folder.nextFolder(), { recursive: true })
  const pictures = []
  for (const [index, { description = '', text = '' }] of texts.entries()) {
    const bytes = png(64, index + 1)
    await writeFile(join(folder.nextFolder(), `${index + 1}.png`), bytes)
    pictures.push({ sha256: sha256Of(bytes), description, text })
  }
  return (await folder.prepare('note.md', markdown, { seen: { pictures, pages: [] } })).text
}

describe('a description', () => {
  test('follows the block that shows the picture, once', async () => {
    const text = await note('Before.\n\n![Catch](1.png) ![Price](2.png)\n\nAfter.\n\n![Catch](1.png)\n', [
      { description: 'The catch.', text: '40\n12' },
      { description: 'The price.' },
    ])
    expect(text).toBe(
      'Before.\n\n![Catch](kbgit-image:1.png) ![Price](kbgit-image:2.png)\n\n*Described by a model:* The catch.\n\n*Text in the picture:* 40 12\n\n*Described by a model:* The price.\n\nAfter.\n\n![Catch](kbgit-image:1.png)\n',
    )
  })

  test('comes after a table, and stays within the item of a list', async () => {
    expect(await note('| a |\n| - |\n| ![x](1.png) |\n\nAfter.\n', [{ description: 'A boat.' }])).toMatch(
      /\|\n\n\*Described by a model:\* A boat\.\n\nAfter\.\n$/,
    )
    expect(await note('- ![x](1.png)\n\n  Second.\n\n- next\n', [{ description: 'A boat.' }])).toBe(
      '- ![x](kbgit-image:1.png)\n\n  *Described by a model:* A boat.\n\n  Second.\n\n- next\n',
    )
  })

  test('is as untrusted as the document', async () => {
    const description =
      '# Head <img src=x onerror=alert(1)> [click](javascript:alert(1)) ![p](https://evil.example/p.png) [[../etc]]\n\n```dataviewjs\nx\n```'
    const text = await note('![x](1.png)\n', [{ description, text: '`$= dv.x` <iframe src=x> kbgit-image:1.png' }])
    expect(text).toContain('*Described by a model:* \\# Head')
    expect(text).not.toMatch(/^#|(?<!\\)<i|(?<!\\)!\[p|(?<!\\)\[\[|^```/m)
    expect(text).not.toMatch(/(?<!\\)\]\(javascript/)
  })
})

describe('a scanned page', () => {
  const scan = async () => {
    const { width, height, pixels } = await drawText('Minutes of the harbour board')
    return pdf([
      { lines: [{ text: 'The annex has a scanned page.', y: 100 }] },
      { picture: { width, height, rgb: pixels } },
      { picture: { width, height, rgb: Buffer.alloc(pixels.length, 0xdd) } },
    ])
  }

  test('is drawn if that is asked for', async () => {
    const { prepared, staging } = await folder.prepare('annex.pdf', await scan(), { scansMax: 5 })
    expect(prepared.scans).toMatchObject([
      { page: 2, file: 'scans/2.png', images: [] },
      { page: 3, file: 'scans/3.png', images: [] },
    ])
    const drawn = await readFile(join(staging, 'scans/2.png'))
    expect(sha256Of(drawn)).toBe(prepared.scans?.[0]?.sha256)
    expect([drawn.readUInt32BE(16), drawn.readUInt32BE(20)]).toEqual([1_212, 1_568])
    expect((await folder.prepare('annex.pdf', await scan(), { scansMax: 1 })).prepared.scans).toHaveLength(1)
    expect((await folder.prepare('annex.pdf', await scan())).prepared.scans).toBeUndefined()
  })

  test('has the text that a model read, instead of that of text recognition', async () => {
    const pages = [
      { page: 2, description: 'A stamp.', text: '## Minutes\n\nThe harbour board met. <script>x()</script>' },
      { page: 3, description: 'A photograph of fog.', text: '' },
    ]
    const { prepared, text } = await folder.prepare('annex.pdf', await scan(), { seen: { pictures: [], pages } })
    expect(text).toContain('## Minutes\n\nThe harbour board met.')
    expect(text).toContain('*Described by a model:* A stamp.')
    expect(text).toContain('*Described by a model:* A photograph of fog.')
    expect(text).not.toMatch(/Minutes of|<script|has no text/)
    expect(prepared.notes).toEqual(['Pages 2 and 3 were read by a model that sees, and may contain mistakes.'])
    expect(prepared.coverage).toBeUndefined()
    expect(prepared.outline.map(({ title }) => title)).toContain('Minutes')
  })

  test('keeps the text of text recognition if the model read less than half of it', async () => {
    const pages = [{ page: 2, description: '', text: 'Minutes' }]
    const { text } = await folder.prepare('annex.pdf', await scan(), { seen: { pictures: [], pages } })
    expect(text).toContain('Minutes of the harbour board')
  })
})

test('a picture as a document has the text that a model read, and its description', async () => {
  const bytes = pngWith(await drawText('Tide table'))
  const seen = {
    description: 'A table on a wall.',
    text: '# Tide table\n\n| Day | Water |\n| --- | --- |\n| Mon | 06:12 |',
  }
  const pictures = [{ ...seen, sha256: sha256Of(bytes) }]
  const { prepared, text } = await folder.prepare('table.png', bytes, { seen: { pictures, pages: [] } })
  expect(text).toBe(`![table](kbgit-image:1.png)\n\n*Described by a model:* A table on a wall.\n\n${seen.text}\n`)
  expect(prepared.notes).toEqual(['The text of the picture was read by a model that sees, and may contain mistakes.'])
})
