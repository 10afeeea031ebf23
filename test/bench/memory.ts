// Large documents: how much memory does the largest process take?
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Bench } from './support/bench.ts'
import { note } from './support/notes.ts'
import { zip } from '../support/zip.ts'
import { added } from './support/steps.ts'

const MB = 1_000_000

export const memory: Bench = {
  name: 'memory',
  about: 'peak memory of the largest process',
  run: async (place) => {
    const bytes = place.size(300 * MB, 12 * MB)
    const folder = join(place.dir, 'large')
    mkdirSync(folder)
    writeText(join(folder, 'text.txt'), bytes)
    writeFileSync(join(folder, 'office.docx'), docxOf(bytes))
    const cases = [
      { what: 'text, its original in git', file: 'text.txt', limit: '1GiB' },
      { what: 'text, its original over raw_git_limit', file: 'text.txt', limit: '10MiB' },
      { what: 'office file, original over raw_git_limit', file: 'office.docx', limit: '10MiB' },
    ]
    const rows = []
    for (const { what, file, limit } of cases) {
      const base = await place.newBase()
      writeFileSync(join(base, 'kbgit.yaml'), `version: 1\nraw_git_limit: ${limit}\n`)
      const ran = await place.kbgit(base, ['add', join(folder, file), '--json'], { watchMemory: true })
      added(ran, 1)
      rows.push({
        document: what,
        seconds: ran.ms / 1000,
        'peak MB': ran.peak.bytes / MB,
        'largest process': ran.peak.process,
      })
    }
    return {
      bench: 'memory',
      about: memory.about,
      tables: [{ title: `Documents of ${bytes / MB} MB.`, rows }],
      bars: rows.map((row) => ({ what: `${row.document}, MB`, value: row['peak MB'], atMost: 400 })),
    }
  },
}

function writeText(path: string, bytes: number): void {
  const file = openSync(path, 'w')
  for (let index = 0, written = 0; written < bytes; index++) written += writeSync(file, `${note(index % 5_000).text}\n`)
  closeSync(file)
}

/** A Word file of one paragraph with pictures that are not shown: the original is large, its text is not. */
function docxOf(bytes: number): Buffer {
  const part = (name: string, content: string | Uint8Array) => ({ name, content, stored: true })
  const types =
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="application/octet-stream"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
  const relationships =
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'
  const body =
    '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>The harbour was dredged in spring.</w:t></w:r></w:p></w:body></w:document>'
  return Buffer.from(
    zip([
      part('[Content_Types].xml', types),
      part('_rels/.rels', relationships),
      part('word/document.xml', body),
      ...Array.from({ length: Math.ceil(bytes / (10 * MB)) }, (_, index) =>
        part(`word/embeddings/object${index}.bin`, randomBytes(10 * MB)),
      ),
    ]),
  )
}
