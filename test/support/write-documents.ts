// node test/support/write-documents.ts <folder>: writes one document of each kind, to try an installed kbgit with.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { docx, epub, msg, odf, paragraph, pptx, workbook } from './documents.ts'
import { pdf } from './pdf.ts'

const [folder = '.'] = process.argv.slice(2)
const TEXT = 'The moon pulls the ocean. Spring tides follow the new moon.'
const MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>h</mi><mn>2</mn></msup></math>'
const sheets = { Tides: [['port', 'height'], ['Brest', 6.1]] } // prettier-ignore
const documents: Record<string, string | Buffer> = {
  'markdown.md': `# Tides\n\n${TEXT}\n`,
  'text.txt': `${TEXT}\n`,
  'table.csv': 'port,height\nBrest,6.1\n',
  'web.html': `<!doctype html><title>Tides</title><article><h1>Tides</h1><p>${TEXT} ${MATH}</p></article>`,
  'word.docx': docx(paragraph('Tides', 'Heading1') + paragraph(TEXT)),
  'slides.pptx': pptx([{ title: 'Tides', body: [TEXT] }]),
  'writer.odt': odf('text', `<text:h text:outline-level="1">Tides</text:h><text:p>${TEXT}</text:p>`),
  'rich.rtf': `{\\rtf1\\ansi ${TEXT}\\par}`,
  'sheets.xlsx': workbook(sheets, 'xlsx'),
  'old-sheets.xls': workbook(sheets, 'biff8'),
  'book.epub': epub([{ title: 'Tides', body: `<h1>Tides</h1><p>${TEXT}</p>` }]),
  'outlook.msg': msg({ '0037': 'Tides', '1000': TEXT }),
  'mail.eml': `From: a@example.org\r\nSubject: Tides\r\nContent-Type: text/plain\r\n\r\n${TEXT}\r\n`,
  'portable.pdf': pdf([{ lines: [{ text: 'Tides', y: 72, size: 20 }, { text: TEXT, y: 120 }] }]), // prettier-ignore
}
mkdirSync(folder, { recursive: true })
for (const [name, content] of Object.entries(documents)) writeFileSync(join(folder, name), content)
