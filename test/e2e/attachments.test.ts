// Attachments of messages are documents of their own: they are added, changed and removed with their message.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DocumentRecord } from '../../src/core/document/document.ts'
import type { AddResult, RemoveResult, SearchResult } from '../../src/core/results.ts'
import { docx, paragraph } from '../support/documents.ts'
import { mail } from '../support/mail.ts'
import { pdf } from '../support/pdf.ts'
import { Workplace } from '../support/workplace.ts'

const BOATS = docx(paragraph('Every boat needs a rope of twenty feet.'))
const FEES = pdf([{ lines: [{ text: 'Mooring fees are paid in advance by the owner', y: 700 }] }])
const body = { type: 'text/plain', content: 'The lists that you asked for.', attached: false }
const file = (name: string, content: string | Uint8Array): Parameters<typeof mail>[0][number] => ({
  type: 'application/octet-stream',
  name,
  content,
})

let place: Workplace
beforeAll(async () => {
  place = await Workplace.withBase()
})
afterAll(() => place[Symbol.dispose]())

const write = (name: string, ...parts: Parameters<typeof mail>[0]): string => {
  const path = join(place.dir, name)
  writeFileSync(path, mail([body, ...parts], `Subject: ${name}`))
  return path
}
const add = async (...argv: string[]): Promise<AddResult> => (await place.json<AddResult>('add', ...argv)).value
const names = (): string[] =>
  place
    .git('ls-tree', '--name-only', 'HEAD', 'documents/')
    .split('\n')
    .flatMap((path) => /^documents\/(.*)\.json$/.exec(path)?.[1] ?? [])
    .sort()
const record = (name: string): DocumentRecord =>
  JSON.parse(place.git('show', `HEAD:documents/${name}.json`)) as DocumentRecord
const summary = (name: string): string => readFileSync(join(place.base, 'wiki/summaries', `${name}.md`), 'utf8')
const found = async (query: string): Promise<(string | undefined)[]> =>
  (await place.json<SearchResult>('search', query)).value.hits.map(({ document }) => document)
const isSound = async (): Promise<void> => expect((await place.kbgit('fsck')).stdout).toMatch(/^No problems/)

describe('the attachments of a message', () => {
  it('are documents in the commit of the message, linked with it', async () => {
    const path = write('offer.eml', file('boats.docx', BOATS), file('fees.pdf', FEES))
    const { added } = await add(path)
    expect(added).toMatchObject([
      { name: 'offer', path },
      { name: 'offer-boats', path: `${path}/boats.docx` },
      { name: 'offer-fees', path: `${path}/fees.pdf`, pages: 1 },
    ])
    expect(new Set(added.map(({ commit }) => commit))).toEqual(new Set([place.git('rev-parse', 'HEAD~1')]))
    expect(place.git('log', '--format=%s', '-2')).toBe('overview: 1 page\nadd: offer')
    expect(record('offer')).toMatchObject({ attachments: ['offer-boats', 'offer-fees'] })
    expect(record('offer-boats')).toMatchObject({ attachedTo: ['offer'], origin: `${path}/boats.docx` })
    expect(summary('offer')).toMatch(
      /^- Attachments: \[\[summaries\/offer-boats\|.*\]\], \[\[summaries\/offer-fees\|.*\]\]$/m,
    )
    expect(summary('offer-fees')).toMatch(/^- Attached to: \[\[summaries\/offer\|offer\.eml\]\]$/m)
    expect(await found('rope of twenty feet')).toContain('offer-boats')
    const log = await place.json<{ commits: { documents: string[] }[] }>('log', 'offer-boats')
    expect(log.value.commits).toMatchObject([{ documents: ['offer', 'offer-boats', 'offer-fees'] }])
    await isSound()
  })

  it('stay the same documents when they or the message change, and are removed when they are no longer attached', async () => {
    const boats = docx(paragraph('Every boat needs a chain of forty feet.'))
    const path = write('offer.eml', file('boats.docx', boats), file('crew.csv', 'Name,Boat\nFay,Tern\n'))
    const result = await add(path)
    expect(result.updated.map(({ name }) => name)).toEqual(['offer', 'offer-boats'])
    expect(result.added.map(({ name }) => name)).toEqual(['offer-crew'])
    expect(names()).toEqual(['offer', 'offer-boats', 'offer-crew'])
    expect(place.git('log', '--format=%s', '-1', result.updated[0]?.commit ?? '')).toBe('update: offer')
    expect(await found('chain of forty feet')).toContain('offer-boats')
    expect(await found('mooring fees')).toEqual([])
    await isSound()
  })

  it('that several messages have are one document, which is removed with the last of them', async () => {
    const crew = file('list.csv', 'Name,Boat\nFay,Tern\n')
    await add(write('again.eml', crew))
    expect(record('again')).toMatchObject({ attachments: ['offer-crew'] })
    expect(record('offer-crew')).toMatchObject({ attachedTo: ['offer', 'again'] })
    await isSound()
    await place.kbgit('remove', '--yes', 'offer')
    expect(names()).toEqual(['again', 'offer-crew'])
    expect(summary('offer-crew')).not.toContain('summaries/offer|')
    await isSound()
    const removed = await place.json<RemoveResult>('remove', '--yes', '--dry-run', 'again')
    expect(removed.value.deleted).toContain('documents/offer-crew.json')
    expect(names()).toEqual(['again', 'offer-crew'])
    await place.kbgit('remove', '--yes', 'again')
    expect(names()).toEqual([])
    expect(await found('Fay')).toEqual([])
    await isSound()
  })

  it('can be removed alone: the message stays, and no longer links to them', async () => {
    await add(write('offer.eml', file('boats.docx', BOATS), file('fees.pdf', FEES)))
    await place.kbgit('remove', '--yes', 'offer-boats')
    expect(names()).toEqual(['offer', 'offer-fees'])
    expect(record('offer').attachments).toEqual(['offer-fees'])
    expect(summary('offer')).not.toContain('offer-boats')
    await isSound()
    await place.kbgit('recompile', 'offer')
    expect(summary('offer')).toContain('- Attachments: [[summaries/offer-fees|')
    await place.kbgit('remove', '--yes', 'offer')
    expect(names()).toEqual([])
  })

  it('that were also added on their own stay when the message is removed', async () => {
    const path = join(place.dir, 'boats.docx')
    writeFileSync(path, BOATS)
    await add(path)
    await add(write('offer.eml', file('attached.docx', BOATS)))
    expect(record('offer').attachments).toEqual(['boats'])
    await isSound()
    writeFileSync(path, docx(paragraph('A list of other boats.')))
    await add(path)
    expect(record('offer').attachments).toBeUndefined()
    expect(record('boats').attachedTo).toBeUndefined()
    await place.kbgit('remove', '--yes', 'offer')
    expect(names()).toEqual(['boats'])
    await isSound()
    await place.kbgit('remove', '--yes', 'boats')
  })

  it('are undone with their message, also below an edit of a page that they share', async () => {
    await add(write('offer.eml', file('boats.docx', BOATS), file('fees.pdf', FEES)))
    const listing = join(place.base, 'wiki/contents/documents.md')
    writeFileSync(listing, `${readFileSync(listing, 'utf8')}\nA line of a person.\n`)
    place.git('commit', '-qam', 'edit')
    expect((await place.kbgit('undo')).stderr).not.toContain('left')
    expect(names()).toEqual([])
    expect(readFileSync(listing, 'utf8')).toContain('A line of a person.')
    await isSound()
  })

  it('that are damaged do not prevent the message from being added, and it says so', async () => {
    const { added } = await add(write('broken.eml', file('fees.pdf', '%PDF-1.4 cut off')))
    expect(added).toMatchObject([
      { name: 'broken', warnings: [{ code: 'attachmentFailed', message: expect.stringContaining('"fees.pdf"') }] },
    ])
    expect(summary('broken')).toContain('The attachment "fees.pdf" is not in the base')
    await place.kbgit('remove', '--yes', 'broken')
  })

  it('are the same for any number of jobs', async () => {
    const trees = await Promise.all(
      ['1', '4'].map(async (jobs) => {
        using other = await Workplace.withBase()
        for (const n of [1, 2, 3]) {
          const parts = [file('boats.docx', BOATS), file(`crew-${n}.csv`, `Name,Boat\nFay,${n}\n`)]
          const target = join(other.dir, `mail-${n}.eml`)
          writeFileSync(target, mail([body, ...parts], `Subject: Mail ${n}`))
        }
        const env = { SOURCE_DATE_EPOCH: '1700000000' }
        const files = [1, 2, 3].map((n) => join(other.dir, `mail-${n}.eml`))
        await other.kbgitIn({ env }, 'add', '-j', jobs, ...files)
        return other
          .git('ls-tree', '-r', 'HEAD', 'documents', 'wiki/summaries')
          .split('\n')
          .map((line) => line.split('\t')[1])
      }),
    )
    expect(trees[0]).toEqual(trees[1])
    expect(trees[0]).toContain('documents/mail-1-boats.json')
    expect(trees[0]).not.toContain('documents/mail-2-boats.json')
  })
})
