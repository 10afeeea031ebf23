import { expect, test } from 'vitest'
import { parsePage } from '../../../src/core/page/page.ts'
import type { DocumentText } from '../../../src/view/load/document.ts'
import { outlineOf } from '../../../src/view/load/document.ts'
import { documentTextPage } from '../../../src/view/pages/document-text.ts'
import { liveContext } from '../../../src/view/server/live-context.ts'

const context = liveContext({
  name: 'base',
  moment: { commit: 'a'.repeat(40), date: '2026-01-01T00:00:00Z' },
  pinned: false,
  place: { kind: 'document', name: 'paper', tab: 'text' },
  assetPath: (name) => `/assets/${name}`,
  originals: 'http://127.0.0.1:1/secret',
  writable: false,
  answers: false,
})

/** A document of one piece whose summary has this outline. */
function short(outline: string, text: string, format: 'pdf' | 'pptx' = 'pdf'): DocumentText {
  const summary = parsePage(`---\ntitle: Paper\n---\n\n# Paper\n\n## Outline\n\n${outline}\n`)
  const document = {
    name: 'paper',
    title: 'Paper',
    format,
    pages: 9,
    source: 'wiki/sources/paper.md',
    summary: 'wiki/summaries/paper.md',
  } as DocumentText['document']
  const record = {} as DocumentText['record']
  return { document, record, summary, outline: outlineOf(summary), kind: 'short', text, part: 1, parts: 1 }
}

const shown = (data: DocumentText, beside?: { page: number }): string =>
  String(documentTextPage(data, context, () => undefined, beside))

const TEXT = '# Paper\n\n## Method\n\nOne.\n\n### Data\n\nTwo.\n\n## Method\n\nThree.\n\n## Results\n\nFour.\n'
const OUTLINE = '- Method (page 1)\n  - Data (pages 2–3)\n- Method (page 3)\n- Results (page 3)'

test('a PDF in one piece has the number of a page where the outline has a section of it', () => {
  const page = shown(short(OUTLINE, TEXT))
  const marks = [...page.matchAll(/class="page-mark"\s+id="(p\d)"\s+href="([^"]+)"/g)].map(([, id, href]) => [id, href])
  expect(marks).toEqual([
    ['p1', '/documents/paper/text?beside=1#p1'],
    ['p2', '/documents/paper/text?beside=2#p2'],
    ['p3', '/documents/paper/text?beside=3#p3'],
  ])
  // The second section of the name has the mark, not the first.
  expect(page).toMatch(/id="h-method-2"><a\s+class="page-mark"\s+id="p3"/)
})

test('slides have numbers that lead to themselves, and a text without pages has none', () => {
  expect(shown(short(OUTLINE, TEXT, 'pptx'))).toMatch(/id="p2" href="\/documents\/paper\/text#p2" title="Page 2/)
  expect(shown(short('- Method\n- Results', TEXT))).not.toContain('page-mark')
})

test('the original beside the text is at the page, and can be closed', () => {
  const page = shown(short(OUTLINE, TEXT), { page: 3 })
  expect(page).toContain('src="http://127.0.0.1:1/secret/' + 'a'.repeat(40) + '/paper#page=3&amp;')
  expect(page).toMatch(/href="\/documents\/paper\/text#p3">Close the original/)
  expect(page).toMatch(/href="\/documents\/paper\/original\?page=3">Page 3 of the original/)
})
