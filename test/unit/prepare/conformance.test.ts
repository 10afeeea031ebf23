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
  extension: '.eml',
  format: 'eml',
  holds: ['paragraph', 'list', 'table', 'nested', 'code', 'link'],
  write: (blocks) =>
    `From: Ann <ann@example.com>\r\nTo: bob@example.com\r\nSubject: Hello\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(page(blocks)).toString('base64').replace(/.{76}/g, '$&\r\n')}\r\n`,
})
