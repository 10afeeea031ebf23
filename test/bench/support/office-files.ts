// PDF and Office files that are large enough for conversion to be most of the work: pages of text, tables, slides.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { docx, odf, paragraph, pptx, workbook, wordTable } from '../../support/documents.ts'
import { pdf } from '../../support/pdf.ts'
import { note } from './notes.ts'

/** Writes `each` files of each kind, each of about `pages` pages. */
export function writeOfficeFiles(folder: string, each: number, pages: number): void {
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < each; index++) {
    const text = (page: number): string[] =>
      note(index * 1_000 + page)
        .text.split('\n')
        .filter((line) => line !== '')
    const numbers = Array.from({ length: pages }, (_, page) => page)
    const title = (text(0)[0] ?? '').replace('# ', '')
    writeFileSync(
      join(folder, `paper-${index}.pdf`),
      pdf(
        numbers.map((page) => ({ lines: pageLines(text(page)) })),
        { title },
      ),
    )
    const body = numbers.flatMap((page) => [
      ...text(page).map((line) =>
        paragraph(line.replace(/^#+ |- /, ''), line.startsWith('#') ? 'Heading1' : undefined),
      ),
      wordTable(
        [
          ['year', 'sum'],
          [String(1_900 + page), String(page * index)],
        ].map((row) => row.map((cell) => paragraph(cell))),
      ),
    ])
    writeFileSync(join(folder, `report-${index}.docx`), docx(body.join(''), { title }))
    writeFileSync(
      join(folder, `slides-${index}.pptx`),
      pptx(
        numbers.map((page) => ({ title: text(page)[0] ?? '', body: text(page).slice(1, 6) })),
        { title },
      ),
    )
    const rows = numbers.flatMap((page) => text(page).map((line, n) => [page, n, line.length, line.slice(0, 60)]))
    writeFileSync(
      join(folder, `table-${index}.xlsx`),
      workbook({ Lines: [['page', 'line', 'length', 'text'], ...rows] }, 'xlsx'),
    )
  }
}

/** Writes `each` OpenDocument texts of about `pages` pages, and a web page of about `htmlBytes`. */
export function writeTexts(folder: string, each: number, pages: number, htmlBytes: number): void {
  mkdirSync(folder, { recursive: true })
  const lines = (number: number): string[] =>
    note(number)
      .text.split('\n')
      .filter((line) => line !== '')
  for (let index = 0; index < each; index++) {
    const body = Array.from({ length: pages }, (_, page) =>
      lines(index * 1_000 + page)
        .map((line) =>
          line.startsWith('#')
            ? `<text:h text:outline-level="1">${line.replace(/^#+ /, '')}</text:h>`
            : `<text:p>${line}</text:p>`,
        )
        .join(''),
    )
    writeFileSync(join(folder, `letter-${index}.odt`), odf('text', body.join('')))
  }
  const sections: string[] = []
  for (let number = 0, bytes = 0; bytes < htmlBytes; number++) {
    const section = lines(number).map((line) =>
      line.startsWith('#')
        ? `<h2>${line.replace(/^#+ /, '')}</h2>`
        : `<p>${line} <a href="/wiki/${number}">see <b>${number}</b></a><sup>[${number}]</sup></p>`,
    )
    sections.push(`<section>${section.join('\n')}<table><tr><td>${number}</td><td>sum</td></tr></table></section>`)
    bytes += sections.at(-1)?.length ?? 0
  }
  writeFileSync(
    join(folder, 'page.html'),
    `<!doctype html><html><head><title>A page</title></head><body><main>${sections.join('\n')}</main></body></html>`,
  )
}

function pageLines(text: string[]): { text: string; y: number; size?: number; bold?: boolean }[] {
  let y = 72
  return text.flatMap((line) => {
    const heading = line.startsWith('#')
    const pieces = line.replace(/^#+ /, '').match(/.{1,90}(?:\s|$)/g) ?? []
    return pieces.flatMap((piece) =>
      (y += heading ? 24 : 13) > 730 ? [] : [{ text: piece.trim(), y, ...(heading ? { size: 15, bold: true } : {}) }],
    )
  })
}
