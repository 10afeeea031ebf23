import { array, assert, constantFrom, property } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitizeInline } from '../../../src/core/page/sanitize.ts'
import { outlineOf } from '../../../src/view/load/document.ts'
import { entriesOf } from '../../../src/view/load/entries.ts'
import { growthOf } from '../../../src/view/load/home.ts'
import { passageFragment } from '../../../src/view/markdown/fragment.ts'
import {
  hasMarks,
  outsideFormula,
  renderText,
  withFormulas,
  withoutCutFormulas,
  withWords,
} from '../../../src/view/markdown/formula.ts'
import { renderMarkdown, type Evidence, type MarkdownOptions } from '../../../src/view/markdown/render.ts'
import { lit } from '../../../src/view/pages/search.ts'
import { liveContext, addressOf } from '../../../src/view/server/live-context.ts'
import { placeOfPath } from '../../../src/view/wiki-places.ts'

const COMMIT = 'a'.repeat(40)
const context = liveContext({
  name: 'kb',
  moment: { commit: COMMIT, date: '2026-11-30T12:00:00Z' },
  pinned: false,
  place: { kind: 'section', section: 'home' },
  assetPath: (name) => `/assets/${name}`,
  originals: 'http://127.0.0.1:1/secret',
  writable: false,
  answers: false,
})

function render(markdown: string, options: Partial<MarkdownOptions> = {}): string {
  const from = 'wiki/concepts/x.md'
  const placeOf: MarkdownOptions['placeOf'] = (path) => (path.includes('missing') ? undefined : placeOfPath(path))
  return String(renderMarkdown(markdown, { context, from, placeOf, ...options }).html)
}

describe('links', () => {
  test.each([
    ['[[concepts/Heap|heaps]]', '<a href="/concepts/Heap" class="to-concept">heaps</a>'],
    ['[[entities/v2/Acme|Acme *Inc*]]', '<a href="/entities/Acme" class="to-entity">Acme <em>Inc</em></a>'],
    ['[[sources/paper#3 Model|there]]', '<a href="/documents/paper/text#h-3-model" class="to-document">there</a>'],
    ['[x](../summaries/paper.md)', '<a href="/documents/paper" class="to-document">x</a>'],
    ['[x](../../raw/paper.pdf)', '<a href="/documents/paper/original" class="to-document">x</a>'],
    [
      '[x](https://example.org/?a=1&b=2)',
      'href="https://example.org/?a=1&amp;b=2" class="external" rel="noopener noreferrer"',
    ],
    ['[[concepts/missing|gone]]', '<span class="gone" title="This page does not exist at this moment">gone</span>'],
  ])('%s', (markdown, expected) => {
    expect(render(markdown)).toContain(expected)
  })

  test.each(['[x](javascript:alert(1))', '[x](data:text/html,x)', '[x](vbscript:x)', '[x](file:///etc/passwd)'])(
    '%s leads nowhere',
    (markdown) => expect(render(markdown)).not.toMatch(/href/),
  )
})

describe('markup', () => {
  test('of HTML is text', () => {
    const html = render('<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n<iframe></iframe>\n\n<!-- x -->')
    expect(html).not.toMatch(/<(?:script|img|iframe|!--)/)
  })

  test('in a formula is no command to the browser', () => {
    const html = render('$\\href{javascript:alert(1)}{x}$ $\\htmlStyle{color:red}{x}$ $\\includegraphics{http://x}$')
    expect(html).not.toMatch(/href="|<img|javascript:alert\(1\)"/)
  })

  test('has formulas in the text and alone, and dollars that are money', () => {
    expect(render('$a^2$ and $$b$$')).toMatch(/class="katex"[^]*class="katex-display"/)
    expect(render('$$\nx = 1\n$$')).toContain('<div class="formula"')
    expect(render('It costs $5 or $10 today.')).toBe('<p>It costs $5 or $10 today.</p>\n')
    expect(render('\\$x\\$')).toBe('<p>$x$</p>\n')
  })

  test('has the formulas of the documents that it quotes, whose dollars are escaped', () => {
    const quoted = (markdown: string): string => render(markdown, { quotes: true })
    const formula = String(
      sanitizeInline('it is $P = \\frac{U^2}{R_1}$ for $U$ and $$a*b$$, but $5 or $HOME/$USER is not'),
    )
    expect(quoted(formula).match(/class="katex"/g)).toHaveLength(3)
    expect(quoted(formula)).toContain('<annotation encoding="application/x-tex">P = \\frac{U^2}{R_1}</annotation>')
    expect(quoted(formula)).toContain('but $5 or $HOME/$USER is not')
    expect(quoted('\\$\\\\href{javascript:alert(1)}{x}\\$')).not.toMatch(/href="/)
    const evidence: Evidence[] = []
    render('Heat is \\$P = U^2\\$. ([[sources/m#Heat|Heat]])', { quotes: true, evidence })
    expect(evidence[0]?.words).toBe('Heat is $P = U^2$.')
  })

  test('has pictures of the base, and none of other places', () => {
    const from = 'wiki/sources/a.md'
    expect(render('![plan](images/a/1.png)', { from })).toContain(
      `src="/files/${COMMIT}/wiki/sources/images/a/1.png" alt="plan"`,
    )
    expect(render('![x](https://attacker.example/x.png)', { from })).not.toContain('<img')
    expect(render('![x](../../../../etc/x.png)', { from })).not.toContain('<img')
  })
})

describe('citations', () => {
  const text =
    'Heaps are trees. ([[sources/paper#3 Model|3 Model]])\n\n> Every node is smaller than its children are. ([[sources/paper#3 Model|3 Model]])\n\nPages count too. (pages 4–5)\n\nIt is so. (in “A *part*”)\n'
  const evidence: Evidence[] = []
  const html = render(text, { evidence, cites: 'book' })

  test('are numbers that lead to the passage', () => {
    expect(html).toContain(
      '<p>Heaps are trees.<sup class="cite"><a href="/documents/paper/text#h-3-model:~:text=Heaps%20are%20trees."',
    )
    expect(html).toContain('data-cite="3"')
  })

  test('name the document, the place and the words', () => {
    expect(evidence).toMatchObject([
      { number: 1, document: 'paper', heading: '3 Model', words: 'Heaps are trees.' },
      { number: 2, document: 'paper', words: 'Every node is smaller than its children are.' },
      { number: 3, document: 'book', page: 4, label: 'pages 4–5', words: 'Pages count too.' },
      { number: 4, document: 'book', heading: 'A *part*', words: 'It is so.' },
    ])
  })

  test('of a page beyond the first part lead to its part', () => {
    const place = { kind: 'document', name: 'x', tab: 'text', page: 57 } as const
    expect(addressOf(place, undefined)).toBe('/documents/x/text?part=2#p57')
  })
})

test.each([
  ['Heaps', ''],
  ['one two three', ':~:text=one%20two%20three'],
  ['a well-known fact, “quoted”', ':~:text=a%20well%2Dknown%20fact%2C%20quoted'],
  ['the energy of a capacitor is $E = C U^2$ here', ':~:text=the%20energy%20of%20a%20capacitor%20is'],
  ['1 2 3 4 5 6 7 8 9 10 11 12', ':~:text=1%202%203%204%205,8%209%2010%2011%2012'],
])('the words %j are found by %j', (words, fragment) => expect(passageFragment(words)).toBe(fragment))

test('marked words of a passage are escaped like the rest', () => {
  expect(String(lit('<b>Attention</b> & attention', 'attention'))).toBe(
    '&lt;b&gt;<mark>Attention</mark>&lt;/b&gt; &amp; <mark>attention</mark>',
  )
})

describe('formulas in plain text', () => {
  const text = 'Heat is $P = \\frac{U^2}{R}$ <b>for</b> $5.'

  test('are rendered, and words beside them are escaped', () => {
    const shown = String(renderText(text, (words) => lit(words, 'heat')))
    expect(shown).toMatch(/^<mark>Heat<\/mark> is <span class="katex">[^]*<\/span> &lt;b&gt;for&lt;\/b&gt; \$5\.$/)
    expect(hasMarks('It costs $5 or $10, and $HOME/$USER is a folder.')).toBe(false)
  })

  test('stand beside code', () => {
    expect(String(renderText('Use `Vec<T>` for $n$ < `'))).toMatch(/^Use <code>Vec&lt;T&gt;<\/code> for <span.*&lt; `$/)
    expect([hasMarks('Use `x` here'), hasMarks('Use x here')]).toEqual([true, false])
  })

  test('are not cut', () => {
    expect(text.slice(0, outsideFormula(text, 15, 'before'))).toBe('Heat is ')
    expect(text.slice(0, outsideFormula(text, 15, 'after'))).toBe('Heat is $P = \\frac{U^2}{R}$')
    expect(outsideFormula(text, 4, 'after')).toBe(4)
  })

  test.each([
    ['… \\frac{a}{b}$ is $x$ and $y = \\sqrt{2 …', '… is $x$ and …'],
    ['It costs $5, whatever \\n means.', 'It costs $5, whatever \\n means.'],
  ])('that were cut are left out: %s', (passage, shown) => expect(withoutCutFormulas(passage)).toBe(shown))

  test('stay as they are where marks of words are taken away', () => {
    const plain = (markdown: string): string => withWords(withFormulas(markdown), (words) => words.replaceAll('*', ''))
    expect(plain(`*So* ${sanitizeInline('$a *  b = c$')}`)).toBe('So $a * b = c$')
  })
})

test('an outline has the depth and the pages that the summary lists', () => {
  const body = '- 1 Start (page 2)\n  - 1.1 More \\[x\\] (pages 3–5)\n- 2 End'
  expect(outlineOf({ front: {}, intro: '', sections: [{ heading: 'Outline', body }] })).toEqual([
    { title: '1 Start', from: 2, to: 2, nodes: [{ title: '1.1 More [x]', from: 3, to: 5, nodes: [] }] },
    { title: '2 End', from: undefined, to: undefined, nodes: [] },
  ])
})

test('entries of a list have a path, a label, a type and what they say', () => {
  const body = '- [[entities/Acme|Acme]] (organization): Makes engines.\n- [[concepts/Heap]]\nAlso mentioned: x'
  expect(entriesOf({ heading: 'Entities', body })).toEqual([
    { path: 'wiki/entities/Acme.md', label: 'Acme', type: 'organization', says: 'Makes engines.' },
    { path: 'wiki/concepts/Heap.md', label: 'concepts/Heap', type: undefined, says: '' },
  ])
})

test('growth counts the documents of each day', () => {
  const added = ['2026-01-02T10:00:00Z', '2026-01-01T10:00:00Z', '2026-01-02T11:00:00Z']
  expect(growthOf(added.map((addedAt) => ({ addedAt })))).toEqual([
    { day: '2026-01-01', documents: 1 },
    { day: '2026-01-02', documents: 3 },
  ])
})

test('marks and links in any order stay whole, with every word', () => {
  const pieces = [
    '**bold**',
    '*thin*',
    '~~gone~~',
    '`code`',
    '[[a|Page]]',
    '[[a]]',
    '[[a|*Marked* page]]',
    '**[[a|Strong]]**',
  ]
  const cited = '([[sources/falcon#Wings|Wings]])'
  const words = (text: string): string[] => text.match(/[A-Za-z]+/g) ?? []
  assert(
    property(array(constantFrom(...pieces, cited), { minLength: 1, maxLength: 8 }), (chosen) => {
      const html = render(chosen.join(' '))
      const open: string[] = []
      for (const [, close, name = ''] of html.matchAll(/<(\/?)([a-z]+)\b[^>]*>/g)) {
        if (close === '') open.push(name)
        else expect(open.pop()).toBe(name)
      }
      expect(open).toEqual([])
      const shown = words(html.replace(/<[^>]*>/g, ' '))
      for (const piece of chosen)
        if (piece !== cited) for (const word of words(piece.replace(/\[\[a\|/, '[['))) expect(shown).toContain(word)
    }),
  )
})
