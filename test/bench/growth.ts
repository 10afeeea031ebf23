// Does a document take as much space in a large base as in a small one, in git's objects and in the sidecar?
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Bench } from './support/bench.ts'
import { writeNotes } from './support/notes.ts'
import type { Row } from './support/report.ts'
import { added } from './support/steps.ts'

export const growth: Bench = {
  name: 'growth',
  about: 'bytes a document in .git and in the sidecar',
  run: async (place) => {
    const sizes = place.size([1_000, 5_000, 20_000], [50, 150])
    const base = await place.newBase()
    const rows: (Row & { all: number })[] = []
    let documents = 0
    for (const size of sizes) {
      const folder = join(place.dir, `notes-${size}`)
      writeNotes(folder, documents, size - documents)
      const ran = await place.kbgit(base, ['add', folder, '--json'])
      added(ran, size - documents)
      rmSync(folder, { recursive: true })
      const gitDir = join(base, '.git')
      const sidecar = (): number => bytesBelow(join(gitDir, 'kbgit'))
      const written = bytesBelow(gitDir) - sidecar()
      await place.git(base, ['gc', '-q'])
      const git = bytesBelow(gitDir) - sidecar()
      rows.push({
        documents: size,
        'ms a document added': ran.ms / (size - documents),
        '.git a document': Math.round(written / size),
        'after git gc': Math.round(git / size),
        sidecar: Math.round(sidecar() / size),
        all: Math.round((git + sidecar()) / size),
        'work tree': Math.round((bytesBelow(base) - git - sidecar()) / size),
      })
      documents = size
    }
    const [first, last] = [rows[0], rows.at(-1)]
    const times = (column: string): number => Number(last?.[column]) / Number(first?.[column])
    return {
      bench: 'growth',
      about: growth.about,
      tables: [{ title: 'Bytes a document, of notes of one to three kilobytes.', rows }],
      bars: [
        { what: `.git after gc, ${sizes.at(-1)} beside ${sizes[0]}`, value: times('after git gc'), atMost: 1.3 },
        { what: 'the same, sidecar', value: times('sidecar'), atMost: 1.3 },
      ],
    }
  },
}

function bytesBelow(dir: string): number {
  let sum = 0
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    sum += entry.isDirectory() ? bytesBelow(path) : statSync(path).size
  }
  return sum
}
