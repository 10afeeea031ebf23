// What is drawn over the cells of an Excel sheet: text boxes, charts and pictures, as Markdown blocks by sheet name.
import type { Archive } from '../archive.ts'
import type { ConvertTask } from '../converter.ts'
import { renderBlocks, textBlock, type Block } from './blocks.ts'
import { bodyBlocks } from './drawing-text.ts'
import { graphicBlocks } from './drawings.ts'
import { OfficePackage, type Part } from './package.ts'
import { altOf, pictureMarkdown } from './picture.ts'
import { attr, child, children, chosen, descendant, elements, type XmlNode } from './xml-nodes.ts'

export function sheetDrawings(archive: Archive, task: ConvertTask): Map<string, string[]> {
  const over = new Map<string, string[]>()
  if (!archive.names.some((name) => /drawings\/[^/]+\.xml$/i.test(name))) return over
  const pack = new OfficePackage(archive, task)
  const main = pack.main('xl/workbook.xml')
  for (const node of children(child(main.root, 'x:sheets') ?? child(main.root, 'sheets'), 'x:sheet')) {
    const sheet = main.relationships.get(attr(node, 'r:id') ?? '')?.target
    // The sheet itself may be large, and is not parsed for its drawing.
    const target =
      sheet === undefined
        ? undefined
        : [...pack.relationshipsOf(sheet).values()].find(({ type }) => type === 'drawing')?.target
    const part = pack.part(target)
    if (part === undefined) continue
    const blocks = elements(part.root).flatMap((anchor) => anchored(elements(anchor), { pack, part, task }))
    over.set(attr(node, 'name') ?? '', renderBlocks(blocks))
  }
  return over
}

function anchored(nodes: XmlNode[], source: { pack: OfficePackage; part: Part; task: ConvertTask }): Block[] {
  const { pack, part, task } = source
  return nodes.flatMap((node): Block[] => {
    switch (node.name) {
      case 'xdr:sp':
        return bodyBlocks(child(node, 'xdr:txBody'), part, () => undefined, 'box')
      case 'xdr:grpSp':
        return anchored(elements(node), source)
      case 'mc:AlternateContent':
        return anchored(chosen(node), source)
      case 'xdr:graphicFrame':
        return graphicBlocks(node, { pack, part })
      case 'xdr:pic': {
        const bytes = pack.bytes(part, attr(descendant(node, 'a:blip'), 'r:embed'))
        return textBlock(
          pictureMarkdown(
            bytes === undefined ? undefined : task.images.add(bytes),
            altOf(descendant(node, 'xdr:cNvPr')) ?? '',
          ),
        )
      }
      default:
        return []
    }
  })
}
