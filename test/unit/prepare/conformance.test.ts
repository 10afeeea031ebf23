import { describeConformance, type Block } from './conformance.ts'

const html = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`
const rowsOf = (rows: string[][]): string =>
  `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${html(cell)}</td>`).join('')}</tr>`).join('')}</table>`

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${html(block.text)}</h${block.level}>`
    case 'paragraph':
      return `<p>${html(block.text)}</p>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`
    case 'table':
      return rowsOf(block.rows)
    case 'nested':
      return `<table><tr><td>Head</td><td>Other</td></tr><tr><td>${block.outer}</td><td>${rowsOf(block.rows)}</td></tr></table>`
    case 'code':
      return `<pre><code class="language-${block.language}">${html(block.text)}</code></pre>`
    case 'link':
      return `<p><a href="${html(block.address)}">${html(block.text)}</a></p>`
    case 'formula':
      return `<p><math><semantics><mrow><mi>E</mi></mrow><annotation encoding="application/x-tex">${html(block.latex)}</annotation></semantics></math></p>`
  }
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'list':
      return block.items.map((item) => `- ${item}`).join('\n')
    case 'table':
    case 'nested':
      return block.rows.map((row) => row.join(' ')).join('\n')
    case 'formula':
      return block.latex
    case 'heading':
    case 'paragraph':
    case 'code':
    case 'link':
      return block.text
  }
}

/** Handwritten Markdown, as a person would type it, without escapes. */
function markdownOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${block.text}`
    case 'code':
      return `\`\`\`${block.language}\n${block.text}\n\`\`\``
    case 'table':
    case 'nested': {
      const line = (row: string[]): string => `| ${row.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
      const [head = [], ...body] = block.rows
      return [line(head), `|${' --- |'.repeat(head.length)}`, ...body.map(line)].join('\n')
    }
    case 'link':
      return `[${block.text}](${block.address})`
    case 'formula':
      return `$${block.latex}$`
    case 'list':
    case 'paragraph':
      return textOf(block)
  }
}

const rtf = (text: string): string =>
  text.replace(/[\\{}]/g, '\\$&').replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0)}?`)
const rtfRow = (cells: string[]): string =>
  `\\trowd${cells.map((_, index) => `\\cellx${(index + 1) * 1_000}`).join('')}\\pard\\intbl ${cells.map((cell) => `${rtf(cell)}\\cell `).join('')}\\row\n`
const rtfNested = (rows: string[][]): string =>
  rows
    .map(
      (row) =>
        `\\pard\\intbl\\itap2 ${row.map((cell) => `${rtf(cell)}\\nestcell `).join('')}{\\*\\nesttableprops\\trowd\\nestrow}`,
    )
    .join('')

/** As Word writes it. */
function rtfOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `\\pard\\s${block.level}\\outlinelevel${block.level - 1} ${rtf(block.text)}\\par`
    case 'list':
      return block.items.map((item) => `{\\listtext\\'b7\\tab}\\pard\\ls1 ${rtf(item)}\\par`).join('\n')
    case 'table':
      return block.rows.map(rtfRow).join('')
    case 'nested':
      return `${rtfRow(['Head', 'Other'])}\\trowd\\cellx1000\\cellx2000\\pard\\intbl ${rtf(block.outer)}\\cell ${rtfNested(block.rows)}\\pard\\intbl\\cell\\row`
    case 'code':
      return block.text
        .split('\n')
        .map((line) => `\\pard\\s9 ${rtf(line)}\\par`)
        .join('\n')
    case 'link':
      return `\\pard {\\field{\\*\\fldinst HYPERLINK "${rtf(block.address)}"}{\\fldrslt ${rtf(block.text)}}}\\par`
    case 'paragraph':
    case 'formula':
      return `\\pard ${rtf(textOf(block))}\\par`
  }
}

const page = (blocks: Block[]): string =>
  `<!doctype html><html lang="en"><head><title>A page</title></head><body><article>${blocks.map(htmlOf).join('\n')}</article></body></html>`

describeConformance({
  extension: '.html',
  format: 'html',
  holds: ['heading', 'paragraph', 'list', 'table', 'nested', 'code', 'link', 'formula'],
  write: page,
})

describeConformance({
  extension: '.md',
  format: 'md',
  holds: ['heading', 'paragraph', 'list', 'table', 'code', 'link', 'formula'],
  write: (blocks) => blocks.map(markdownOf).join('\n\n'),
})

describeConformance({
  extension: '.txt',
  format: 'txt',
  holds: ['paragraph', 'list'],
  write: (blocks) => blocks.map(textOf).join('\n\n'),
})

for (const [extension, separator] of [
  ['.csv', ','],
  ['.tsv', '\t'],
] as const) {
  const lineOf = (row: string[]): string => row.map(quoted).join(separator)
  describeConformance({
    extension,
    format: extension.slice(1),
    holds: ['paragraph', 'table'],
    write: (blocks) =>
      blocks
        .map((block) => (block.kind === 'table' ? block.rows.map(lineOf).join('\n') : lineOf(['text', textOf(block)])))
        .join('\n'),
  })
}

describeConformance({
  extension: '.json',
  format: 'json',
  holds: ['paragraph'],
  asCode: true,
  write: (blocks) => JSON.stringify({ texts: blocks.map(textOf) }),
})

describeConformance({
  extension: '.xml',
  format: 'xml',
  holds: ['paragraph'],
  write: (blocks) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<texts>${blocks.map((block) => `<text>${html(textOf(block))}</text>`).join('')}</texts>`,
})

describeConformance({
  extension: '.rss',
  format: 'rss',
  holds: ['paragraph', 'list', 'table', 'nested', 'code', 'link'],
  write: (blocks) =>
    `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed</title><item><title>Entry</title><description>${html(blocks.map(htmlOf).join('\n'))}</description></item></channel></rss>`,
})

describeConformance({
  extension: '.ipynb',
  format: 'ipynb',
  holds: ['heading', 'paragraph', 'list', 'table', 'code', 'link', 'formula'],
  write: (blocks) =>
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { language_info: { name: 'python' } },
      cells: blocks.map((block) =>
        block.kind === 'code'
          ? { cell_type: 'code', source: [block.text], outputs: [] }
          : { cell_type: 'markdown', source: markdownOf(block) },
      ),
    }),
})

describeConformance({
  extension: '.rtf',
  format: 'rtf',
  holds: ['heading', 'paragraph', 'list', 'table', 'nested', 'code', 'link'],
  write: (blocks) =>
    `{\\rtf1\\ansi{\\stylesheet{\\ql Normal;}{\\s9 HTML Preformatted;}}\n${blocks.map(rtfOf).join('\n')}}`,
})

describeConformance({
  extension: '.eml',
  format: 'eml',
  holds: ['paragraph', 'list', 'table', 'nested', 'code', 'link'],
  write: (blocks) =>
    `From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(page(blocks)).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
})
