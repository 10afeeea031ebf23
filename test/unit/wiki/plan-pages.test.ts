import { describe, expect, test } from 'vitest'
import { overviewDue } from '../../../src/wiki/overviews.ts'
import { planDocument } from '../../../src/wiki/plan-pages.ts'
import { linksOf, resolveLink } from '../../../src/core/page/wiki-links.ts'
import { forgetDocument } from '../../../src/wiki/forget-document.ts'
import { headingTarget, parsePage } from '../../../src/core/page/page.ts'
import { contribution, documentToPlan, MemoryWiki } from '../../support/memory-wiki.ts'

function brokenLinks(wiki: MemoryWiki): string[] {
  return [...wiki.files].flatMap(([path, text]) =>
    path.endsWith('.md') && path.startsWith('wiki/')
      ? linksOf(text)
          .filter(
            (link) =>
              !resolveLink(path, link).some((candidate) => wiki.files.has(candidate) || candidate.startsWith('raw/')),
          )
          .map((link) => `${path}:${link.line} ${link.target}`)
      : [],
  )
}

function sectionTargets(wiki: MemoryWiki, path: string): (string | undefined)[] {
  return parsePage(wiki.text(path)).sections.map(({ heading }) => headingTarget(heading))
}

const EVIL = '\n---\ntype: x\n---\n# ]] [[a]] <script>alert(1)</script> ![i](http://x/y.png) `code'

describe("a document's plan", () => {
  test('writes the summary, a page per heavy topic, their listing entries and the log, and every link leads somewhere', async () => {
    const wiki = new MemoryWiki()
    const written = await wiki.add(
      documentToPlan('a', [
        contribution('Garbage Collection', 0.9),
        contribution('Ada Lovelace', 0.8, { kind: 'entity', type: 'person' }),
        contribution('Light Thing', 0.2),
        contribution('Passing Thing', 0.1),
      ]),
    )
    expect(written).toEqual([
      'wiki/concepts/Garbage-Collection.md',
      'wiki/contents/concepts.md',
      'wiki/contents/documents.md',
      'wiki/contents/entities.md',
      'wiki/entities/Ada-Lovelace.md',
      'wiki/index.md',
      'wiki/log.md',
      'wiki/summaries/a.md',
    ])
    expect(wiki.record('a')).toMatchObject({
      listed: 'wiki/contents/documents.md',
      topics: ['wiki/concepts/Garbage-Collection.md', 'wiki/entities/Ada-Lovelace.md'],
      mentions: [{ key: 'light thing', kind: 'concept' }],
    })
    expect(wiki.text('wiki/summaries/a.md')).toContain(
      '- [[entities/Ada-Lovelace|Ada Lovelace]] (person): What it says of Ada Lovelace.',
    )
    expect(brokenLinks(wiki)).toEqual([])
  })

  test("creates a page with sections of both for a topic that an earlier document only mentioned, and updates that document's record", async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Borrow Checker', 0.4)]))
    expect(wiki.files.has('wiki/concepts/Borrow-Checker.md')).toBe(false)
    await wiki.add(documentToPlan('b', [contribution('borrow checkers', 0.4)]))
    expect(sectionTargets(wiki, 'wiki/concepts/borrow-checkers.md')).toEqual(['summaries/a', 'summaries/b'])
    expect(wiki.record('a')).toMatchObject({ topics: ['wiki/concepts/borrow-checkers.md'] })
    expect(wiki.record('a').mentions).toBeUndefined()
    const line = '- [[concepts/borrow-checkers|borrow checkers]]: What it says of'
    for (const name of ['a', 'b']) expect(wiki.text(`wiki/summaries/${name}.md`)).toContain(line)
    expect(wiki.text('wiki/summaries/a.md')).not.toContain('Also mentioned')
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('creates a page of a light topic with several earlier documents, and none with one', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Borrow Checker', 0.2)]))
    await wiki.add(documentToPlan('b', [contribution('Borrow Checker', 0.2)]))
    expect(wiki.files.has('wiki/concepts/Borrow-Checker.md')).toBe(false)
    await wiki.add(documentToPlan('c', [contribution('Borrow Checker', 0.2)]))
    expect(sectionTargets(wiki, 'wiki/concepts/Borrow-Checker.md')).toEqual([
      'summaries/a',
      'summaries/b',
      'summaries/c',
    ])
  })

  test('only mentions a topic without weight, and not one that has a page', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Tides', 0.9), contribution('Moon', 0)]))
    expect(wiki.record('a').mentions).toMatchObject([{ key: 'moon' }])
    await wiki.add(documentToPlan('b', [contribution('Tides', 0)]))
    expect(sectionTargets(wiki, 'wiki/concepts/Tides.md')).toEqual(['summaries/a'])
    expect(wiki.record('b').mentions).toBeUndefined()
  })

  test('adds to the page of a name what names it beside another topic, and makes no page for that', async () => {
    const wiki = new MemoryWiki()
    const acme = (weight: number) => ({
      ...contribution('Acme', weight),
      kind: 'entity' as const,
      type: 'organization',
    })
    for (const name of ['a', 'b']) await wiki.add(documentToPlan(name, [acme(0)]))
    expect(wiki.files.has('wiki/entities/Acme.md')).toBe(false)
    await wiki.add(documentToPlan('c', [acme(0.9)]))
    await wiki.add(documentToPlan('d', [acme(0)]))
    expect(sectionTargets(wiki, 'wiki/entities/Acme.md').slice(-2)).toEqual(['summaries/c', 'summaries/d'])
  })

  test('links each of two related documents from the other, until one is removed', async () => {
    const wiki = new MemoryWiki()
    for (const name of ['a', 'b']) await wiki.add(documentToPlan(name, [contribution('Borrow Checker', 0.9)]))
    await wiki.add(documentToPlan('c', [contribution('Tides', 0.9)]))
    const via = ': [[concepts/Borrow-Checker|Borrow Checker]]'
    expect(wiki.text('wiki/summaries/a.md')).toContain(`## Related\n\n- [[summaries/b|About b]]${via}\n`)
    expect(wiki.text('wiki/summaries/b.md')).toContain(`## Related\n\n- [[summaries/a|About a]]${via}\n`)
    expect(wiki.text('wiki/summaries/c.md')).not.toContain('## Related')
    expect(brokenLinks(wiki)).toEqual([])
    const forgotten = forgetDocument(wiki.text('wiki/summaries/b.md'), wiki.record('a'))
    expect(forgotten).not.toContain('## Related')
    expect(forgotten).toContain('## Source')
  })

  test('relates both documents by a mention that has just become a section', async () => {
    const wiki = new MemoryWiki()
    for (const name of ['a', 'b']) await wiki.add(documentToPlan(name, [contribution('Borrow Checker', 0.4)]))
    expect(wiki.text('wiki/summaries/a.md')).toContain('## Related\n\n- [[summaries/b|About b]]')
    expect(wiki.text('wiki/summaries/b.md')).toContain('## Related\n\n- [[summaries/a|About a]]')
  })

  test('says which documents a related one is related to, and no more than four', async () => {
    const wiki = new MemoryWiki()
    const topics = (n: number) => [contribution('Common', 0.9), contribution(`Pair ${n >> 1}`, 0.8)]
    for (let n = 0; n < 12; n++) await wiki.add(documentToPlan(`d${n}`, topics(n)))
    await wiki.overviews()
    const related = /## Related\n\n([^#]*)/.exec(wiki.text('wiki/summaries/d11.md'))?.[1]?.trim().split('\n') ?? []
    expect(related.length).toBeLessThanOrEqual(4)
    expect(related[0]).toContain('[[summaries/d10|About d10]]')
  })

  test('a topic relates documents no more when so many have it that it says little of them', async () => {
    const wiki = new MemoryWiki()
    for (const name of ['a', 'b']) await wiki.add(documentToPlan(name, [contribution('Attribute', 0.9)]))
    expect(wiki.text('wiki/summaries/a.md')).toContain('[[summaries/b|')
    for (const name of ['c', 'd']) await wiki.add(documentToPlan(name, [contribution('Attribute', 0.9)]))
    for (const name of ['a', 'b', 'c', 'd']) expect(wiki.text(`wiki/summaries/${name}.md`)).not.toContain('## Related')
  })

  test('finds the page of a topic by its inflections', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Einträge', 0.9)]))
    await wiki.add(documentToPlan('b', [contribution('Eintrag', 0.9, { variants: ['einträge'] })]))
    expect(wiki.record('b').topics).toEqual(wiki.record('a').topics)
  })

  test('a product of which both speak relates no documents, unless both are about it', async () => {
    const wiki = new MemoryWiki()
    const product = { kind: 'entity', type: 'product' } as const
    for (const name of ['a', 'b']) await wiki.add(documentToPlan(name, [contribution('Harbour', 0.9, product)]))
    expect(wiki.text('wiki/summaries/a.md')).not.toContain('## Related')
    for (const name of ['quay-a', 'quay-b']) await wiki.add(documentToPlan(name, [contribution('Quay', 0.9, product)]))
    expect(wiki.text('wiki/summaries/quay-a.md')).toContain('[[summaries/quay-b|')
  })

  test('an identifier has one page however it is spelled, and an acronym is not the lower-case name that it equals', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('FromResidual', 0.9), contribution('cfg', 0.9)]))
    await wiki.add(
      documentToPlan('b', [
        contribution('from_residual', 0.9),
        contribution('Control-flow graph', 0.9, { aliases: ['CFG'] }),
      ]),
    )
    expect(sectionTargets(wiki, 'wiki/concepts/FromResidual.md')).toEqual(['summaries/a', 'summaries/b'])
    expect(sectionTargets(wiki, 'wiki/concepts/cfg.md')).toEqual(['summaries/a'])
    expect(sectionTargets(wiki, 'wiki/concepts/Control-flow-graph.md')).toEqual(['summaries/b'])
  })

  test('adds a section to a page and keeps every byte that a person wrote there', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Traits', 0.9)]))
    const path = 'wiki/concepts/Traits.md'
    const edited = wiki
      .text(path)
      .replace('# Traits\n', '# Traits\n\n\nMy   words,  twice spaced.  \n\n```\n## not a section\n```\n')
      .replace('type: concept\n', 'type: concept\ntags:\n  - mine # really\n')
      .concat('\n## My own\n\n* odd   list\n\n\n')
    wiki.files.set(path, edited)
    await wiki.add(documentToPlan('b', [contribution('Trait', 0.9, { aliases: ['type classes'] })]))
    const text = wiki.text(path)
    for (const kept of [
      '\n\n\nMy   words,  twice spaced.  \n\n```\n## not a section\n```\n',
      'tags:\n  - mine # really\n',
      '## My own\n\n* odd   list\n\n\n',
    ]) {
      expect(text).toContain(kept)
    }
    expect(parsePage(text).front).toMatchObject({ sources: ['a', 'b'], aliases: ['Trait', 'type classes'] })
    await wiki.remove('b')
    expect(wiki.text(path).replace('aliases: ["Trait", "type classes"]', 'aliases: []').trimEnd()).toBe(
      edited.trimEnd(),
    )
  })

  test('keeps a line that a person wrote anywhere on a summary when the document changes', async () => {
    const path = 'wiki/summaries/a.md'
    const added = async (): Promise<MemoryWiki> => {
      const wiki = new MemoryWiki()
      await wiki.add(documentToPlan('a', [contribution('Old Topic', 0.9), contribution('Kept Topic', 0.9)]))
      await wiki.add(documentToPlan('b', [contribution('Old Topic', 0.9), contribution('Kept Topic', 0.9)]))
      return wiki
    }
    const changed = documentToPlan('a', [contribution('Kept Topic', 0.9, { says: 'New words.' })], {
      operation: 'update',
    })
    changed.compiled.description = 'Another line.'
    changed.compiled.keyPoints.push({ text: 'A second point.', place: {} })
    const lines = (await added()).text(path).split('\n')
    const front = lines.indexOf('---', 1)
    for (let place = front + 1; place <= lines.length; place++) {
      for (const hand of ['Mine.', '- mine', '\nMine.\n', '### Mine']) {
        const wiki = await added()
        wiki.files.set(path, lines.toSpliced(place, 0, hand).join('\n'))
        for (const _ of ['once', 'and again']) {
          await wiki.add(changed)
          const text = wiki.text(path)
          expect(text.split(hand.trim()), `${hand} after ${lines[place - 1]}`).toHaveLength(2)
          expect(text).toContain('Another line.')
          expect(text).toContain('A second point.')
          expect(text).not.toMatch(/a in one line|Old Topic/)
        }
      }
    }
  })

  test('replaces its own section on an update, removes obsolete ones, and keeps sections that a person added to the summary', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Old Topic', 0.9), contribution('Kept Topic', 0.9)]))
    wiki.files.set('wiki/summaries/a.md', `${wiki.text('wiki/summaries/a.md')}\n## My notes\n\nMine.\n`)
    await wiki.add(
      documentToPlan('a', [contribution('Kept Topic', 0.9, { says: 'New words.' })], { operation: 'update' }),
    )
    expect(wiki.files.has('wiki/concepts/Old-Topic.md')).toBe(false)
    expect(wiki.text('wiki/contents/concepts.md')).not.toContain('Old-Topic')
    expect(wiki.text('wiki/concepts/Kept-Topic.md').match(/New words\./g)).toHaveLength(1)
    expect(wiki.text('wiki/summaries/a.md')).toContain('\n## My notes\n\nMine.\n')
    expect(wiki.text('wiki/contents/documents.md').match(/summaries\/a\|/g)).toHaveLength(1)
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('does not let text from a document control a page', async () => {
    const wiki = new MemoryWiki()
    const document = documentToPlan('evil', [
      contribution(`Topic${EVIL}`, 0.9, {
        says: '# Heading\n\n## [[summaries/x|y]]\n\n```\nopen',
        description: EVIL,
        aliases: [EVIL],
        quotes: [{ text: EVIL, place: { heading: EVIL } }],
      }),
    ])
    document.record.title = `Title${EVIL}`
    document.compiled.description = EVIL
    document.compiled.keyPoints = [{ text: EVIL, place: { heading: EVIL } }]
    document.compiled.outline = [{ title: EVIL, level: 1 }]
    document.prepared.author = EVIL
    document.prepared.notes = [EVIL]
    await wiki.add(document)
    await wiki.add(
      documentToPlan('b', [
        contribution(`topic${EVIL}`, 0.9, { says: 'Calm, see [[Second|seconds]] and [[nowhere|elsewhere]].' }),
        contribution('second', 0.9),
      ]),
    )
    const topic = wiki.record('evil').topics[0] ?? ''
    for (const path of [
      topic,
      'wiki/summaries/evil.md',
      'wiki/contents/documents.md',
      'wiki/contents/concepts.md',
      'wiki/log.md',
    ]) {
      const text = wiki
        .text(path)
        .replaceAll('\\<', '')
        .replace(/^---\n[\s\S]*?\n---\n/, '')
      expect(text).not.toMatch(/<script|^---$/m)
    }
    expect(parsePage(wiki.text('wiki/summaries/evil.md')).front).toMatchObject({ type: 'summary', document: 'evil' })
    expect(sectionTargets(wiki, topic)).toEqual(['summaries/evil', 'summaries/b'])
    expect(wiki.text(topic)).toContain('Calm, see [[concepts/second|seconds]] and elsewhere.')
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('continues a full topic page on another one, linked in both directions', async () => {
    const wiki = new MemoryWiki()
    for (let n = 0; n < 85; n++) await wiki.add(documentToPlan(`d${n}`, [contribution('Shared', 0.9)]))
    expect(sectionTargets(wiki, 'wiki/concepts/Shared.md')).toHaveLength(40)
    expect(sectionTargets(wiki, 'wiki/concepts/Shared--2.md')).toHaveLength(40)
    expect(sectionTargets(wiki, 'wiki/concepts/Shared--3.md')).toHaveLength(5)
    expect(wiki.text('wiki/concepts/Shared.md')).toContain('Continues on [[concepts/Shared--2|')
    expect(brokenLinks(wiki)).toEqual([])
    for (let n = 80; n < 85; n++) await wiki.remove(`d${n}`)
    expect(wiki.files.has('wiki/concepts/Shared--3.md')).toBe(false)
    expect(wiki.text('wiki/concepts/Shared--2.md')).not.toContain('Continues on')
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('writes no page that grows with the base', async () => {
    const wiki = new MemoryWiki()
    const largest = async (from: number, to: number) => {
      let bytes = 0
      for (let n = from; n < to; n++) {
        const written = await wiki.add(
          documentToPlan(`d${n}`, [contribution(`Topic ${n}`, 0.9), contribution('Common', 0.4)]),
        )
        bytes = Math.max(bytes, ...written.map((path) => wiki.text(path).length))
        expect(wiki.text('wiki/index.md').split('\n').length).toBeLessThan(50)
      }
      return bytes
    }
    const early = await largest(0, 110)
    expect(await largest(110, 195)).toBeLessThan(early * 1.2)
    expect(wiki.text('wiki/contents/documents.md')).toContain('Further pages: [[contents/documents--2|2]]')
    expect(wiki.text('wiki/log.md').match(/^- /gm)).toHaveLength(50)
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('begins a shard with a listing page that links the previous one and is linked from the front page, which keeps the newest hundred', async () => {
    const wiki = new MemoryWiki()
    for (let shard = 1; shard <= 105; shard++) {
      const snapshot = { ...wiki.snapshot, catalog: { ...wiki.catalog(), openShard: () => shard } }
      const { edits } = await planDocument(documentToPlan(`d${shard}`, [contribution(`Topic ${shard}`, 0.9)]), snapshot)
      wiki.apply(edits)
      wiki.files.set(`wiki/sources/d${shard}.md`, '# text\n')
    }
    expect(wiki.text('wiki/concepts/v105/Topic-105.md')).toContain('# Topic 105')
    expect(wiki.text('wiki/contents/concepts-v105.md')).toContain('Previous: [[contents/concepts-v104|volume 104]].')
    const shown = linksOf(wiki.text('wiki/index.md')).flatMap(
      ({ target }) => /^contents\/concepts(?:-v(\d+))?$/.exec(target)?.[1] ?? [],
    )
    expect(shown).toEqual(Array.from({ length: 100 }, (_, at) => String(at + 6)))
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('does not add light contributions to a topic that a quarter of the base has', async () => {
    const wiki = new MemoryWiki()
    for (let n = 0; n < 110; n++) await wiki.add(documentToPlan(`d${n}`, [contribution('Everywhere', 0.9)]))
    await wiki.add(documentToPlan('light', [contribution('Everywhere', 0.2)]))
    await wiki.add(documentToPlan('heavy', [contribution('Everywhere', 0.9)]))
    expect(wiki.record('light').topics).toEqual([])
    expect(wiki.record('light').mentions).toBeUndefined()
    expect(wiki.record('heavy').topics).toHaveLength(1)
  })
})

test('the topic that a document is named after has the other names of the document', async () => {
  const wiki = new MemoryWiki()
  const plan = documentToPlan('k8s', [contribution('Kubernetes', 0.9), contribution('Container', 0.9)])
  await wiki.add({ ...plan, record: { ...plan.record, title: 'Kubernetes', aliases: ['K8s', 'The Cluster'] } })
  expect(parsePage(wiki.text('wiki/concepts/Kubernetes.md')).front['aliases']).toEqual(['K8s', 'The Cluster'])
  expect(parsePage(wiki.text('wiki/concepts/Container.md')).front['aliases']).toEqual([])
  await wiki.add(documentToPlan('other', [contribution('K8s', 0.9)]))
  expect(wiki.record('other').topics).toEqual(['wiki/concepts/Kubernetes.md'])
})

describe("a removal's plan", () => {
  test('removes the entry from the listing page that has it, even in a shard that was laid out larger', async () => {
    const wiki = new MemoryWiki()
    const first = 'wiki/contents/documents.md'
    const empty = wiki.text(first)
    await wiki.add(documentToPlan('a', [contribution('Own', 0.9)]))
    const listed = wiki.text(first)
    wiki.files.set(first, empty)
    for (let part = 2; part <= 8; part++)
      wiki.files.set(`wiki/contents/documents--${part}.md`, part === 8 ? listed : empty)
    await wiki.remove('a')
    expect(wiki.text('wiki/contents/documents--8.md')).not.toContain('summaries/a')
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('leaves the wiki as if the document had never been added, except for the log', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Kept', 0.9), contribution('Shared', 0.2)]))
    const before = new Map(wiki.files)
    await wiki.add(documentToPlan('b', [contribution('Kept', 0.9), contribution('Own', 0.9)]))
    await wiki.remove('b')
    wiki.files.delete('wiki/log.md')
    before.delete('wiki/log.md')
    expect(Object.fromEntries(wiki.files)).toEqual(Object.fromEntries(before))
  })

  test('removes sections that were made from a mention', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Shared', 0.4)]))
    await wiki.add(documentToPlan('b', [contribution('Shared', 0.4)]))
    await wiki.remove('a')
    expect(sectionTargets(wiki, 'wiki/concepts/Shared.md')).toEqual(['summaries/b'])
    await wiki.remove('b')
    expect(wiki.files.has('wiki/concepts/Shared.md')).toBe(false)
    expect(brokenLinks(wiki)).toEqual([])
  })

  test('keeps a page that a person edited, and empty pages if asked to', async () => {
    const wiki = new MemoryWiki()
    await wiki.add(documentToPlan('a', [contribution('Mine', 0.9), contribution('Other', 0.8)]))
    wiki.files.set(
      'wiki/concepts/Mine.md',
      wiki.text('wiki/concepts/Mine.md').replace('# Mine\n', '# Mine\n\nMy own words.\n'),
    )
    await wiki.remove('a')
    expect(wiki.text('wiki/concepts/Mine.md')).toContain('My own words.')
    expect(wiki.files.has('wiki/concepts/Other.md')).toBe(false)
    await wiki.add(documentToPlan('b', [contribution('Empty', 0.9)]))
    await wiki.remove('b', { keepEmpty: true })
    expect(parsePage(wiki.text('wiki/concepts/Empty.md')).front['sources']).toEqual([])
    expect(brokenLinks(wiki)).toEqual([])
  })
})

describe('overviews', () => {
  const options = { date: '2026-01-03T00:00:00Z' }

  test('become due with a second document and when a document that they were written from is removed, but not for every one in between', async () => {
    const wiki = new MemoryWiki()
    const path = 'wiki/concepts/Shared.md'
    const due: number[] = []
    for (let n = 1; n <= 40; n++) {
      await wiki.add(
        documentToPlan(`d${n}`, [
          contribution('Shared', 0.9, { says: `Sharing is what document number ${n} describes at some length.` }),
        ]),
      )
      if (!overviewDue(parsePage(wiki.text(path)))) continue
      due.push(n)
      await wiki.overviews([path], options)
      expect(overviewDue(parsePage(wiki.text(path)))).toBe(false)
    }
    expect(due).toEqual([2, 3, 5, 8, 12, 18, 27])
    expect(wiki.text(path)).toContain('Sharing is what document number')
    await wiki.remove('d3')
    expect(overviewDue(parsePage(wiki.text(path)))).toBe(false)
    expect(wiki.text(path)).not.toContain('number 3 ')
  })

  test("replace kbgit's own overview, and never one that a person has changed", async () => {
    const wiki = new MemoryWiki()
    const path = 'wiki/concepts/Shared.md'
    const compose = (text: string) => ({ ...options, compose: () => Promise.resolve(text) })
    await wiki.add(documentToPlan('a', [contribution('Shared', 0.9, { description: 'What is shared' })]))
    await wiki.add(documentToPlan('b', [contribution('Shared', 0.9)]))
    await wiki.overviews([path], compose('First overview.'))
    expect(parsePage(wiki.text(path)).intro).toBe('# Shared\n\nFirst overview.')
    wiki.files.set(path, wiki.text(path).replace('First overview.', 'First overview, mended.'))
    await wiki.add(documentToPlan('c', [contribution('Shared', 0.9)]))
    await wiki.overviews([path], compose('Second overview.'))
    expect(parsePage(wiki.text(path)).intro).toBe('# Shared\n\nFirst overview, mended.')
    expect(overviewDue(parsePage(wiki.text(path)))).toBe(false)
  })
})
