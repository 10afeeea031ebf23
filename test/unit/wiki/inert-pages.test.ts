// Words of a document reach many places of many pages: titles, descriptions, key points, outlines, quotes, lists, themes,
// overviews, the front page. In none of them do they run, load or lead anywhere, in a renderer or in a plug-in.
import { describe, expect, test } from 'vitest'
import type { Contribution } from '../../../src/core/document/compiled.ts'
import { guard } from '../../../src/core/page/guard.ts'
import { sanitizeLine, sanitizeMarkdown } from '../../../src/core/page/sanitize-markdown.ts'
import { frontText, oneLine, sanitizeInline, shownText } from '../../../src/core/page/sanitize.ts'
import { linksOf, resolveLink } from '../../../src/core/page/wiki-links.ts'
import { liveMarkdown, livePieces } from '../../support/live-markdown.ts'
import { contribution, documentToPlan, MemoryWiki } from '../../support/memory-wiki.ts'

const LIVE = [
  '`$= dv.view("x")`',
  '`= this.file.name`',
  'see ` = this.file.name ` there',
  '`a` `$=b` `=c` `',
  '\\`$= dv.view("x")\\`',
  '``$= dv.view("x")``',
  '\u2060`\u2060$= x`',
  '<% tp.file.title %>',
  'see `<% tp.file.title %>` there',
  '\\<%* await tp.user.x() %>',
  '<script>alert(1)</script>',
  '<img/src=x/onerror=alert(1)>',
  '\\<img src=x onerror=alert(1)>',
  '<a href=javascript:alert(1)//x>y</a>',
  '<!--',
  '[y](javascript:alert(1))',
  '[y](<javascript:alert(1)>)',
  '![y](http://e.example/t.png)',
  '![[secret]] and [[raw/secret|x]]',
  '<javascript:alert(1)>',
  'obsidian://open?vault=x',
  '$\\href{javascript:alert(1)}{x}$',
  'https://e.example/\\<img src=x onerror=alert(1)>',
  'https://e.example/\\[y](javascript:alert(1))',
  'www.e.example/`<b onclick=x>`',
  'a@e.example\\<b onclick=x>c</b>',
  '[x]: javascript:alert(1)',
  '%% hidden %% #tag ==marked== ~~gone~~',
]

/** What a renderer or a plug-in would take for more than text. */
function liveIn(text: string): string[] {
  // A link to a page and a colon are kbgit's own.
  const body = text
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/^((?:- |At its centre: )\[\[[^\]\n]*\]\]): /gm, '$1, ')
  const query = /(?<!\\)`\s*(?:\$=|=[^=>~`]).{0,20}/.exec(text)?.[0]
  const template = /<%.{0,20}/.exec(text)?.[0]
  return [
    ...livePieces(text),
    ...changed(body, guard(body, { wikilinks: true })),
    ...(query === undefined ? [] : [`a query: ${query}`]),
    ...(template === undefined ? [] : [`a template: ${template}`]),
  ]
}

/** Lines that the last pass over Markdown from outside would change. */
function changed(before: string, after: string): string[] {
  const lines = after.split('\n')
  return before.split('\n').flatMap((line, index) => (line === lines[index] ? [] : [`${line} → ${lines[index]}`]))
}

/** A wiki of ten documents whose every word is `words`; `says` are the compiler's sanitized words. */
async function wikiOf(words: string, says: string): Promise<MemoryWiki> {
  const wiki = new MemoryWiki()
  const place = { heading: words }
  const topic = (name: string, weight: number, more: Partial<Contribution> = {}): Contribution =>
    contribution(name, weight, {
      says,
      aliases: [`The ${name} ${words}`],
      quotes: [{ text: words, place }],
      description: words,
      ...more,
    })
  for (let n = 0; n < 10; n++) {
    const subject = n % 2 === 0 ? 'Tide' : 'Lamp'
    const plan = documentToPlan(`d${n}`, [
      ...(n < 8 ? [] : [topic(`Pair ${words}`, 0.95)]),
      topic(`${subject} ${words}`, 0.9),
      topic(`${words} ${subject} Pilot`, 0.9, { kind: 'entity', type: words }),
      topic(`Own ${n} ${words}`, 0.3),
      topic(words, 0.1),
    ])
    plan.record = { ...plan.record, title: words, context: words }
    const facts = { title: words, author: words, date: words, url: words, from: words, to: words, subject: words }
    plan.prepared = { ...plan.prepared, ...facts, outline: [{ title: words, level: 2 }], notes: [words] }
    plan.compiled = {
      ...plan.compiled,
      title: words,
      description: n % 3 === 0 ? words : `${n}: ${words}`,
      keyPoints: [
        { text: `One: ${words}`, place },
        { text: `Two: ${words}`, place: { heading: `Part ${words}` } },
      ],
      outline: [{ title: words, level: 2 }],
      ...(n % 2 === 0 ? {} : { summary: sanitizeMarkdown(words, 500) }),
    }
    await wiki.add(plan)
  }
  const topics = [...wiki.files.keys()].filter((path) => /^wiki\/(?:concepts|entities)\//.test(path))
  await wiki.overviews(topics)
  return wiki
}

test.each([
  ['escaped words', (text: string) => sanitizeInline(oneLine(text, 500))],
  ['a line of front matter', (text: string) => `- ${frontText(text, 500)}`],
  ['words displayed for a link', (text: string) => `- [[a|${shownText(text)}]]`],
  ['a line of a model', (text: string) => sanitizeLine(text, 500)],
  ["a model's Markdown", (text: string) => sanitizeMarkdown(text, 500)],
])('%s are nothing but text, whatever the document has', (_, write) => {
  const alive = liveMarkdown()
    .map((text) => ({ text, became: write(text), live: livePieces(write(text)) }))
    .filter(({ live }) => live.length > 0)
  expect(alive).toEqual([])
})

describe.each(LIVE)('%s', (words) => {
  test.each([
    ['the builtin compiler', sanitizeInline(words)],
    ['a model', sanitizeMarkdown(words, 500)],
  ])('is inert on every page, compiled by %s', async (_, says) => {
    const wiki = await wikiOf(words, says)
    const pages = [...wiki.files].filter(([path]) => path.startsWith('wiki/') && !path.startsWith('wiki/sources/'))
    const kinds = new Set(pages.map(([path]) => path.split('/')[1]))
    for (const kind of ['summaries', 'concepts', 'entities', 'themes', 'contents', 'index.md', 'log.md'])
      expect(kinds).toContain(kind)
    expect(wiki.text('wiki/summaries/d9.md')).toContain('## Related')
    expect(pages.map(([path, text]) => ({ path, live: liveIn(text) })).filter(({ live }) => live.length > 0)).toEqual(
      [],
    )
    const astray = pages.flatMap(([path, text]) =>
      linksOf(text).filter((link) => !resolveLink(path, link).some((one) => wiki.files.has(one))),
    )
    expect(astray.filter(({ target }) => !target.includes('raw/'))).toEqual([])
  })

  test('is inert in an answer and in a quote of a saved one', () => {
    expect(liveIn(sanitizeMarkdown(words, 500))).toEqual([])
    expect(liveIn(`- “${sanitizeLine(words, 500)}”`)).toEqual([])
  })
})
