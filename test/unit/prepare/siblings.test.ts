// Pictures next to a document.
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/core/config.ts'
import { png } from '../../support/documents.ts'
import { StagingFolder, type Staged } from '../../support/staging.ts'
import type { PrepareTask } from '../../../src/prepare/protocol.ts'

const root = await StagingFolder.make()

/** A document in `notes/` of a folder with pictures next to it, below it and above it. */
async function prepared(name: string, content: string, more: Partial<PrepareTask> = {}): Promise<Staged> {
  const folder = root.nextFolder()
  await mkdir(join(folder, 'notes/img'), { recursive: true })
  await mkdir(join(folder, 'notes/.hidden'))
  await writeFile(join(folder, 'above.png'), png(64, 2))
  await writeFile(join(folder, 'notes/beside.png'), png(64, 1))
  for (const path of ['img/below.png', 'img/a picture (1).png', '.hidden/x.png'])
    await writeFile(join(folder, 'notes', path), png(64, 3))
  await writeFile(join(folder, 'notes/dot.png'), png(8))
  await writeFile(join(folder, 'notes/text.png'), 'no picture')
  await symlink('../above.png', join(folder, 'notes/outside.png'))
  await symlink('..', join(folder, 'notes/up'))
  await symlink('img/below.png', join(folder, 'notes/inside.png'))
  return root.prepare(`notes/${name}`, content, more)
}

describe('a picture that a note links', () => {
  test.each([
    ['![x](beside.png)', '![x](kbgit-image:1.png)'],
    ['![x](./img/below.png "Title")', '![x](kbgit-image:1.png)'],
    ['![x](img/../beside.png)', '![x](kbgit-image:1.png)'],
    ['![x](img/a%20picture%20%281%29.png)', '![x](kbgit-image:1.png)'],
    ['![x](<img/a picture (1).png>)', '![x](kbgit-image:1.png)'],
    ['![x](beside.png?raw=true)', '![x](kbgit-image:1.png)'],
    ['![x](inside.png)', '![x](kbgit-image:1.png)'],
    ['![x][y]\n\n[y]: beside.png', '![x](kbgit-image:1.png)'],
    ['![](img/below.png) ![two](inside.png)', '![](kbgit-image:1.png) ![two](kbgit-image:1.png)'],
    ['[![x](beside.png)](https://example.org)', '[![x](kbgit-image:1.png)](https://example.org)'],
    ['---\nurl: https://example.org/page\n---\n\n![x](beside.png)', '![x](kbgit-image:1.png)'],
    ['<p align="center"><img src="beside.png" alt="x"></p>', '![x](kbgit-image:1.png)'],
  ])('is stored if it is in its folder or below: %s', async (note, text) => {
    const {
      prepared: { images },
      text: found,
    } = await prepared('note.md', note)
    expect(found.trim()).toBe(text)
    expect(images).toHaveLength(1)
  })

  test.each([
    '../above.png',
    'img/../../above.png',
    '%2e%2e/above.png',
    '..%2fabove.png',
    '..\\above.png',
    'outside.png',
    'up/above.png',
    '/etc/hostname',
    '//host/x.png',
    'file:beside.png',
    'C:/x.png',
    '.hidden/x.png',
    'img',
    'missing.png',
    'dot.png',
    'text.png',
    'beside.png%00',
  ])('becomes its description if it is %s', async (address) => {
    const {
      prepared: { images },
      text,
    } = await prepared('note.md', `# Note\n\nSee ![the chart](${address}) here.\n`)
    expect(images).toEqual([])
    expect(text).toContain('See the chart')
    expect(text).not.toContain('![')
  })

  test('is ignored in code, in fetched pages and if it is too large', async () => {
    const code = '`![x](beside.png)`\n\n```\n![x](beside.png)\n```\n'
    expect(await prepared('note.md', code)).toMatchObject({ text: code, prepared: { images: [] } })
    for (const more of [{ url: 'https://example.org/' }, { limits: { ...DEFAULT_LIMITS, archiveBytesMax: 100 } }]) {
      expect((await prepared('note.md', '![x](beside.png)', more)).prepared.images).toEqual([])
    }
  })
})

test('is stored for a saved web page, whatever address the page declares', async () => {
  for (const head of ['', '<link rel="canonical" href="https://example.org/page">']) {
    const {
      prepared: { images },
      text,
    } = await prepared(
      'page.html',
      `<html><head>${head}</head><body><p>See <img src="img/below.png" alt="the chart"> and <img src="https://example.org/far.png" alt="far">.</p></body></html>`,
    )
    expect(text).toBe('See ![the chart](kbgit-image:1.png) and [far](https://example.org/far.png).\n')
    expect(images).toHaveLength(1)
  }
})
