// The documents that the crash tests add. They mention the same topics, so that each changes pages of the others.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mail } from '../support/mail.ts'
import { pdf } from '../support/pdf.ts'

/** Pages of the long document: more than `pageindex_threshold`. */
const LONG_PAGES = 24

const note = (title: string, word: string): string =>
  `# ${title}\n\nThe ${word} Engine (${word[0]}E) is a machine. Alice Smith of Acme Corporation built it in Paris.\n\n` +
  `## Use\n\nAcme Corporation sells the ${word} Engine in Berlin. Alice Smith explains the ${word} Engine to Bob Jones.\n`

export type Documents = {
  first: string
  second: string
  short: string
  long: string
  changed: string
  batch: string
  mail: string
}

/** Writes them under `dir` and returns their paths; `changed` is the text that `first` will be updated to. */
export function writeDocuments(dir: string): Documents {
  mkdirSync(join(dir, 'batch'), { recursive: true })
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  for (const word of ['Walrus', 'Yak', 'Zebra']) write(`batch/${word}.md`, note(`On the ${word}`, word))
  const pages = Array.from({ length: LONG_PAGES }, (_, index) => ({
    lines: [
      { text: `Chapter ${index + 1}`, y: 72, size: 18, bold: true },
      { text: `Acme Corporation measured the Long Engine in Paris, step ${index + 1}.`, y: 110 },
      { text: 'Alice Smith wrote it down.', y: 126 },
    ],
  }))
  return {
    first: write('first.md', note('First machine', 'Falcon')),
    second: write('second.md', note('Second machine', 'Sparrow')),
    short: write('short.md', note('Short note', 'Otter')),
    long: write(
      'long.pdf',
      pdf(pages, {
        title: 'Long report',
        outline: pages.map((_, index) => ({ title: `Chapter ${index + 1}`, page: index })),
      }),
    ),
    changed: note('First machine, revised', 'Eagle'),
    batch: join(dir, 'batch'),
    mail: write(
      'mail.eml',
      mail(
        [
          { type: 'text/plain', content: note('A message', 'Raven'), attached: false },
          { type: 'text/markdown', name: 'annex.md', content: note('Annex', 'Heron') },
          { type: 'text/csv', name: 'list.csv', content: 'Engine,Place\r\nHeron Engine,Paris\r\n' },
        ],
        'Subject: The Raven Engine',
      ),
    ),
  }
}
