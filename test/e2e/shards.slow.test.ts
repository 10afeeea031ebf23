// What no longer fits into a folder goes into its second shard, and is found there as well as in the first.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { SHARD_ENTRIES_MAX } from '../../src/core/layout.ts'
import { png } from '../support/documents.ts'
import { generateBase } from '../support/generate-base.ts'
import { Workplace } from '../support/workplace.ts'

const picture = (seed: number): string =>
  `<img alt="Figure ${seed}" src="data:image/png;base64,${png(64, seed).toString('base64')}">`
const html = (title: string, body: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body><article><h1>${title}</h1>${body}</article></body></html>`
const imageLinks = (text: string): string[] =>
  [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => match[1] ?? '')

it('links the pictures of documents in a second shard from their text, short or long', async () => {
  using place = new Workplace()
  await generateBase(place.base, { documents: SHARD_ENTRIES_MAX, documentsPerCommit: 100, textBytes: 100 })
  const words = `<p>${'The harbour office reads the gauges. '.repeat(60)}</p>`
  place.write('in/leaflet.html', html('Leaflet', `${words}${picture(1)}`))
  place.write(
    'in/album.html',
    html(
      'Album',
      Array.from({ length: 60 }, (_, index) => `<h2>Part ${index}</h2>${words}${picture(index % 2)}`).join(''),
    ),
  )
  expect((await place.kbgit('add', join(place.dir, 'in'))).code).toBe(0)
  for (const [name, file, pictures] of [
    ['leaflet', 'leaflet.md', 1],
    ['album', 'album.json', 2],
  ] as const) {
    const record = JSON.parse(place.read(`documents/v2/${name}.json`)) as { source: string; images: string[] }
    expect(record).toMatchObject({ source: `wiki/sources/v2/${file}` })
    const linked = new Set(imageLinks(place.read(record.source)).map((link) => join(dirname(record.source), link)))
    expect([...linked].sort()).toEqual(record.images)
    expect(linked.size).toBe(pictures)
    for (const path of linked) expect(existsSync(join(place.base, path)), path).toBe(true)
    // Stored documents are linked in the same way when the pages are rewritten.
    expect((await place.kbgit('recompile', '-y', name)).code).toBe(0)
    expect(new Set(imageLinks(place.read(record.source)).map((link) => join(dirname(record.source), link)))).toEqual(
      linked,
    )
  }
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
  expect((await place.kbgit('remove', '-y', 'album')).code).toBe(0)
  expect(existsSync(join(place.base, 'wiki/sources/images/v2/album'))).toBe(false)
  expect(await place.kbgit('fsck')).toMatchObject({ code: 0 })
})
