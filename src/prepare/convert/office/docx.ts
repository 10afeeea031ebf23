// Word documents.
import type { ConvertTask, Converted } from '../converter.ts'
import type { Archive } from '../archive.ts'
import { renderBlocks } from './blocks.ts'
import { OfficePackage } from './package.ts'
import { plainWord } from './plain-text.ts'
import { WordReader } from './word-reader.ts'
import { child, descendants, elements, textOf } from './xml-nodes.ts'

export function convertWord(task: ConvertTask, archive: Archive): Converted {
  const pack = new OfficePackage(archive, task)
  const main = pack.main('word/document.xml')
  const reader = new WordReader(pack, main, task.images)
  const [titled] = reader.titles(main.root)
  const title = [...descendants(titled, 'w:t')].map(textOf).join('').replace(/\s+/g, ' ').trim()
  const blocks = renderBlocks(reader.blocks(elements(child(main.root, 'w:body'))))
  return {
    ...(title === '' ? {} : { title }),
    ...pack.properties(),
    body: { kind: 'flow', markdown: [...blocks, ...reader.notes()].join('\n\n') },
    plain: plainWord(archive, main.name),
    dropped: reader.dropped,
    notes: reader.remarks,
  }
}
