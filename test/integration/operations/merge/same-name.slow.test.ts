// Documents of one name in clones: every way in which git brings them together.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { png } from '../../../support/documents.ts'
import { mail } from '../../../support/mail.ts'
import {
  ADA,
  BOB,
  CAROL,
  HARBOUR,
  MAY,
  JUNE,
  JULY,
  link,
  merge,
  record,
  sound,
  diverged,
  expectBoth,
} from '../../../support/same-name.ts'
import { SharedBase, type Clone } from '../../../support/two-clones.ts'

describe('documents of one name in two clones', () => {
  test('are both there after git pull --rebase, whoever rebases', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = await diverged(shared)
    const adas = ada.git('rev-parse', 'HEAD')
    ada.git('pull', '-q', '--rebase', bob.root, 'HEAD')
    bob.git('fetch', '-q', ada.root, adas)
    bob.git('rebase', '-q', adas)
    for (const clone of [ada, bob]) {
      expect(await clone.recover()).toMatchObject({ broughtIn: ['minutes-2'] })
      expectBoth(clone)
      await sound(clone)
    }
    // A rebase adds entries of one second to the log one by one.
    bob.git('fetch', '-q', ada.root, 'HEAD')
    expect(bob.git('diff', '--name-only', 'HEAD', 'FETCH_HEAD')).toBe('wiki/log.md')
    const entries = (clone: Clone): string[] => clone.read('wiki/log.md').split('\n').sort()
    expect(entries(ada)).toEqual(entries(bob))
  })

  test('come in at once where the hooks are installed', async () => {
    using shared = await SharedBase.make()
    const [ada] = await diverged(shared)
    const carol = await shared.clone('carol', CAROL, { hooks: true })
    await carol.add(shared.files('of-carol', { 'minutes.md': JULY }))
    await merge(carol, ada)
    expect(carol.git('log', '-1', '--format=%s')).toBe('merge: minutes-2')
    expect(existsSync(join(carol.root, 'raw/minutes-2.md'))).toBe(true)
    await sound(carol)
  })

  test('are both there after each has run kbgit sync', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = await diverged(shared)
    ada.git('clone', '-q', '--bare', ada.root, join(shared.dir, 'remote.git'))
    for (const clone of [ada, bob]) {
      clone.git('remote', 'set-url', 'origin', join(shared.dir, 'remote.git'))
      clone.git('fetch', '-q')
    }
    await bob.sync()
    await ada.sync()
    for (const clone of [ada, bob]) {
      expectBoth(clone)
      await sound(clone)
    }
    expect(ada.git('rev-parse', 'HEAD')).toBe(bob.git('rev-parse', 'HEAD'))
  })

  test('are three after a third clone, and stay who they are where work goes on under the old name', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = await diverged(shared)
    const carol = await shared.clone('carol', CAROL)
    await carol.add(shared.files('of-carol', { 'minutes.md': JULY }))
    await merge(ada, bob)
    await ada.recover()
    await merge(ada, carol)
    await ada.recover()
    expect(ada.documents).toEqual(['minutes', 'minutes-2', 'minutes-3', 'of-june', 'of-may'])
    await sound(ada)
    const titles = new Map(ada.documents.map((name) => [record(ada, name).title, name]))

    // Bob and Carol have not pulled: each knows the own document as "minutes".
    await bob.add(shared.files('more-of-bob', { 'more.md': link('More of June') }))
    const page = 'wiki/summaries/minutes.md'
    const edited = carol.read(page).replace('## Outline', 'A remark by Carol.\n\n## Outline')
    writeFileSync(join(carol.root, page), `${edited}\n`)
    carol.git('commit', '-qam', 'Remark')
    for (const clone of [bob, carol]) await merge(ada, clone)
    await ada.recover()
    expect(ada.documents).toEqual(['minutes', 'minutes-2', 'minutes-3', 'more', 'of-june', 'of-may'])
    for (const name of ['minutes', 'minutes-2', 'minutes-3'])
      expect(ada.read(`raw/${name}.md`)).toContain(record(ada, name).title.replace('Minutes of', 'met in'))
    expect(new Map(ada.documents.slice(0, 3).map((name) => [record(ada, name).title, name]))).toEqual(
      new Map([...titles].filter(([title]) => title.startsWith('Minutes'))),
    )
    const [june, july] = [titles.get('Minutes of June') ?? '', titles.get('Minutes of July') ?? '']
    expect(ada.read('wiki/sources/more.md')).toContain(`[[summaries/${june}|minutes]]`)
    expect(ada.read(`wiki/summaries/${july}.md`)).toContain('A remark by Carol.')
    await sound(ada)
  })

  test('are one document if they are the same', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = [await shared.clone('ada', ADA), await shared.clone('bob', BOB)]
    await ada.add(shared.files('of-ada', { 'minutes.md': MAY }))
    await bob.add(shared.files('of-bob', { 'minutes.md': MAY }))
    await merge(ada, bob)
    expect(await ada.recover()).toMatchObject({ broughtIn: [] })
    expect(ada.documents).toEqual(['minutes'])
    await sound(ada)
  })

  test('bring their pictures, trees, attachments and large originals', async () => {
    using shared = await SharedBase.make('pageindex_threshold: 2\nraw_git_limit: 4096\n')
    const files = (month: string, seed: number): Record<string, string | Uint8Array> => ({
      'minutes.eml': mail(
        [
          { type: 'text/plain', content: `The minutes of ${month}. ${HARBOUR}`, attached: false },
          { type: 'text/markdown', name: 'list.md', content: `# List of ${month}\n\n${HARBOUR}\n` },
        ],
        `Subject: Minutes of ${month}`,
      ),
      'album.html': `<title>Album of ${month}</title><p>${HARBOUR}</p><p><img src="data:image/png;base64,${png(64, seed).toString('base64')}"></p><p>After the picture: <a href="notes.md">the notes</a>.</p>`,
      'report.md': Array.from(
        { length: 12 },
        (_, at) => `## Chapter ${at + 1} of ${month}\n\n${`In ${month} there was rain. ${HARBOUR} `.repeat(12)}`,
      ).join('\n\n'),
      'notes.md': `# Notes of ${month}\n\n${HARBOUR} See [[album]] and [[report]].\n`,
    })
    const [ada, bob] = [await shared.clone('ada', ADA), await shared.clone('bob', BOB)]
    await ada.add(shared.files('of-ada', files('May', 1)))
    await bob.add(shared.files('of-bob', files('June', 2)))
    // Bob has not sent his large originals to any remote.
    ada.git('config', 'lfs.skipdownloaderrors', 'true')
    await merge(ada, bob)
    const names = ['album', 'minutes', 'minutes-list', 'notes', 'report']
    expect((await ada.recover()).broughtIn.sort()).toEqual(names.map((name) => `${name}-2`))
    expect(ada.documents).toEqual(names.flatMap((name) => [name, `${name}-2`]).sort())
    for (const name of ['', '-2']) {
      const [album, message, report] = ['album', 'minutes', 'report'].map((one) => record(ada, one + name))
      expect(ada.read(`${album?.source}`)).toContain(`images/album${name}/1.png`)
      expect(message?.attachments).toHaveLength(1)
      const list = record(ada, message?.attachments?.[0] ?? '')
      expect(list.attachedTo).toEqual([message?.name])
      expect(list.title.replace('List', 'Minutes')).toBe(message?.title)
      expect(report).toMatchObject({ kind: 'long', raw: `raw/large/report${name}.md` })
      expect(ada.read(`wiki/sources/report${name}.tree.json`)).toContain(`"doc_name": "report${name}"`)
    }
    const titled = new Map(ada.documents.map((name) => [record(ada, name).title, name]))
    for (const month of ['May', 'June']) {
      const notes = ada.read(`wiki/sources/${titled.get(`Notes of ${month}`)}.md`)
      expect(notes).toContain(`[[summaries/${titled.get(`Album of ${month}`)}|album]]`)
      const album = record(ada, titled.get(`Album of ${month}`) ?? '')
      expect(ada.read(album.source)).toContain(`[[summaries/${titled.get(`Notes of ${month}`)}|the notes]]`)
    }
    // The other clone's large original is nowhere else: that is known, and no fault.
    expect((await ada.problems()).filter(({ code }) => code !== 'blobMissing')).toEqual([])
  })

  test('are kept apart by git cherry-pick too', async () => {
    using shared = await SharedBase.make()
    const [ada, bob] = [await shared.clone('ada', ADA), await shared.clone('bob', BOB)]
    await ada.add(shared.files('of-ada', { 'minutes.md': MAY }))
    await bob.add(shared.files('of-bob', { 'minutes.md': JUNE }))
    ada.git('fetch', '-q', bob.root, 'HEAD:refs/heads/bob')
    const added = ada.git('log', 'bob', '-1', '--format=%H', '--grep=add: minutes')
    ada.git('cherry-pick', added)
    expect(await ada.recover()).toMatchObject({ broughtIn: ['minutes-2'] })
    expect(ada.documents).toEqual(['minutes', 'minutes-2'])
    await sound(ada)
  })
})
