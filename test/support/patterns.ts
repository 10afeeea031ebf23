// Texts that repeat what has made a parser slow, in every format that can carry them, and what computing one takes.
import { docx, epub, escapeXml } from './documents.ts'
import { StagingFolder } from './staging.ts'
import prepare from '../../src/prepare/worker.ts'

export type Pattern = {
  name: string
  /** A text that repeats it. `n` is the number of the repetition. */
  repeat: string | ((n: number) => string)
  /** Of the markup of a web page, rather than of its text or of Markdown. */
  html?: true
  /** Depth instead of length: as many as fit are opened and never closed. */
  end?: string
}

const numbered = (write: (n: number) => string): ((n: number) => string) => write

export const PATTERNS: Pattern[] = [
  { name: 'images without a target', repeat: '![](' },
  { name: 'images', repeat: '![a](b) ' },
  { name: 'images in images', repeat: '![' },
  { name: 'links without a target', repeat: '[](' },
  { name: 'links', repeat: '[a](b) ' },
  { name: 'brackets', repeat: '[' },
  { name: 'wikilinks', repeat: '[[' },
  { name: 'closing brackets', repeat: '](' },
  { name: 'escaped brackets', repeat: '\\[' },
  { name: 'backslashes', repeat: '\\' },
  { name: 'references', repeat: '[a][b] ' },
  { name: 'definitions', repeat: numbered((n) => `[${n}]: x\n`) },
  { name: 'definitions of one name', repeat: '[1]: x\n' },
  { name: 'footnotes', repeat: numbered((n) => `[^${n}]\n\n[^${n}]: x\n\n`) },
  { name: 'footnotes of one name', repeat: '[^1]: x\n' },
  { name: 'footnote marks', repeat: '[^1]' },
  { name: 'CDATA', repeat: '<![CDATA[' },
  { name: 'comments', repeat: '<!--' },
  { name: 'processing instructions', repeat: '<?x ' },
  { name: 'declarations', repeat: '<!A ' },
  { name: 'tags without an end', repeat: '<a ' },
  { name: 'attributes', repeat: '<a b=' },
  { name: 'quoted attributes', repeat: '<a b="' },
  { name: 'addresses', repeat: '<https://a.b> ' },
  { name: 'bare addresses', repeat: 'https://a.b/( ' },
  { name: 'mail addresses', repeat: 'a@b.c_' },
  { name: 'entities', repeat: '&amp;' },
  { name: 'numbers of characters', repeat: '&#' },
  { name: 'ampersands', repeat: '&' },
  { name: 'stars', repeat: '*' },
  { name: 'stars and words', repeat: '*a ' },
  { name: 'closing stars', repeat: 'a** ' },
  { name: 'stars in turns', repeat: '*a_ ' },
  { name: 'underscores', repeat: '_a ' },
  { name: 'tildes', repeat: '~~a ' },
  { name: 'backticks', repeat: '`' },
  { name: 'backticks of many lengths', repeat: numbered((n) => `${'`'.repeat((n % 200) + 1)} `) },
  { name: 'dollars', repeat: '$a ' },
  { name: 'fences', repeat: '```\n\n' },
  { name: 'quotes', repeat: '> ' },
  { name: 'quoted lines', repeat: '> a\n' },
  { name: 'list marks', repeat: '- ' },
  { name: 'list items', repeat: '- a\n' },
  { name: 'deeper list items', repeat: numbered((n) => `${' '.repeat((n % 100) * 2)}- a\n`) },
  { name: 'numbered items', repeat: '1. a\n\n' },
  { name: 'headings', repeat: '# a\n' },
  { name: 'underlined headings', repeat: 'a\n-\n' },
  { name: 'cells', repeat: '|' },
  { name: 'tables', repeat: '|a|\n|-|\n' },
  { name: 'rows', repeat: numbered((n) => (n === 0 ? '|a|b|\n|-|-|\n' : '|1|2|\n')) },
  { name: 'blank lines', repeat: '\n' },
  { name: 'blanks', repeat: ' ' },
  { name: 'letters', repeat: 'a' },
  { name: 'combining marks', repeat: 'a\u0301\u0302' },
  { name: 'short words', repeat: 'a b ' },
  { name: 'names', repeat: 'Ann Bee of ' },
  { name: 'full stops', repeat: '. ' },
  { name: 'exclamation marks', repeat: '!' },
  { name: 'elements', repeat: '<b>', html: true },
  { name: 'closing tags', repeat: '</p>', html: true },
  { name: 'forms and paragraphs', repeat: '<form><p></form>', html: true },
  { name: 'nested blocks', repeat: '<div>', html: true },
  { name: 'nested lists', repeat: '<ul><li>', html: true },
  { name: 'nested tables', repeat: '<table><tr><td>', html: true },
  { name: 'nested quotes', repeat: '<blockquote>', html: true },
  { name: 'misnested', repeat: '<b><i></b></i>', html: true },
  { name: 'links in links', repeat: '<a href=x>', html: true },
  { name: 'empty paragraphs', repeat: '<p>', html: true },
  { name: 'line breaks', repeat: '<br>', html: true },
  { name: 'options', repeat: '<select><option>', html: true },
  { name: 'formulas', repeat: '<math><mi>x</mi></math>', html: true },
  { name: 'nested formulas', repeat: '<math><mrow>', html: true },
  { name: 'pictures', repeat: '<img src="data:image/png;base64,x">', html: true },
  { name: 'raised letters', repeat: '<sup>a', html: true },
  { name: 'definitions of terms', repeat: '<dl><dt>a<dd>', html: true },
]

export const CARRIERS = ['md', 'html', 'eml', 'epub', 'docx'] as const
export type Carrier = (typeof CARRIERS)[number]

function textOf({ repeat }: Pattern, bytes: number): string {
  if (typeof repeat === 'string') return repeat.repeat(Math.ceil(bytes / repeat.length)).slice(0, bytes)
  const parts: string[] = []
  for (let n = 0, length = 0; length < bytes; n++) {
    const part = repeat(n)
    parts.push(part)
    length += part.length
  }
  return parts.join('').slice(0, bytes)
}

/**
 * A file with about so many bytes of the pattern, and the bytes of its markup, without compression: 60 kB of short lines
 * are two megabytes of Word's XML, and those are what is converted. Undefined if the format cannot carry the pattern.
 */
export function documentOf(
  pattern: Pattern,
  carrier: Carrier,
  bytes: number,
): { content: string | Uint8Array; markupBytes: number } | undefined {
  const text = textOf(pattern, bytes)
  const markup = pattern.html === true ? text : `<p>${escapeXml(text)}</p>`
  const mail = `From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: text/${pattern.html === true ? 'html' : 'plain'}; charset=utf-8\r\n\r\n`
  switch (carrier) {
    case 'md':
      return plainFile(`Tide.\n\n${text}\n`)
    case 'html':
      return plainFile(`<!doctype html><title>Tide</title><p>Tide.</p>${markup}`)
    case 'eml':
      return plainFile(mail + text.replaceAll('\n', '\r\n'))
    case 'epub': {
      if (pattern.html === true) return undefined
      const body = `<p>Tide.</p>${markup}`
      return { content: epub([{ title: 'Tide', body }]), markupBytes: Buffer.byteLength(body) }
    }
    case 'docx': {
      if (pattern.html === true) return undefined
      const body = text.split('\n').map(wordParagraph).join('')
      return { content: docx(body), markupBytes: Buffer.byteLength(body) }
    }
  }
}

function plainFile(content: string): { content: string; markupBytes: number } {
  return { content, markupBytes: Buffer.byteLength(content) }
}

/** As short as Word's XML permits. */
function wordParagraph(line: string): string {
  if (line === '') return '<w:p/>'
  return `<w:p><w:r><w:t${/^\s|\s$/.test(line) ? ' xml:space="preserve"' : ''}>${escapeXml(line)}</w:t></w:r></w:p>`
}

const PLAIN = 'The tide in the harbour was high when the pilot came aboard and asked for the chart. '

/** A text of sentences, to compare with. */
export const PLAIN_TEXT: Pattern = { name: 'plain text', repeat: numbered((n) => PLAIN + (n % 5 === 4 ? '\n\n' : '')) }

const COMPILE = new URL('../../src/compile/builtin/worker.ts', import.meta.url).href

/**
 * CPU seconds per MB of markup that the worker takes for the pattern: conversion, and what the builtin compiler makes of
 * it. The fastest of some runs, because the first ones compile code and another process may disturb the next; none
 * follows one that took no more than `enough`. `failed`: the code, if the document was refused. Undefined if the format cannot
 * carry the pattern.
 */
export async function secondsPerMb(
  pattern: Pattern,
  carrier: Carrier,
  options: { bytes: number; runs: number; enough?: number },
): Promise<{ seconds: number; failed: string | undefined } | undefined> {
  const document = documentOf(pattern, carrier, options.bytes)
  if (document === undefined) return undefined
  let best = { seconds: Infinity, failed: undefined as string | undefined }
  for (let run = 0; run < options.runs && best.seconds > (options.enough ?? 0); run++) {
    const { cpuMs, failed } = await cpuMsOf(`x.${carrier}`, document.content)
    const seconds = cpuMs / 1000 / (document.markupBytes / 1e6)
    if (seconds < best.seconds) best = { seconds, failed }
  }
  return best
}

async function cpuMsOf(
  name: string,
  content: string | Uint8Array,
): Promise<{ cpuMs: number; failed: string | undefined }> {
  await using folder = await StagingFolder.make()
  const compile = { module: COMPILE, input: { entityTypes: [], fallbackTitle: 'x' } }
  const task = await folder.task(name, content, { compile })
  const before = process.cpuUsage()
  const reply = await prepare({ ...task, runtime: 'process' })
  const { user, system } = process.cpuUsage(before)
  if ('elsewhere' in reply) throw new Error(`${name} is converted elsewhere`)
  const failure = !reply.ok
    ? reply.failure
    : reply.compiled?.reply.ok === false
      ? reply.compiled.reply.failure
      : undefined
  return { cpuMs: (user + system) / 1000, failed: failure?.code }
}
