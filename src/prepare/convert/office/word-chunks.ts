// Parts of a Word document that are files in another format (ECMA-376 part 1, 11.3.1): Word reads them when it opens the
// document. Programs that write reports use HTML.
import { htmlToMarkdown } from '../../html-markdown.ts'
import { textToMarkdown } from '../txt.ts'
import { textBlock, type Block } from './blocks.ts'

const FOREIGN = /^(?:PK(?![\w\s])|\{\\rtf|(?:From|Date|Subject|MIME-Version|Content-Type):)/i
const BOMS: [bytes: number[], encoding: string][] = [
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
]

/** The chunk's text; undefined if it is in a format that is not read here. */
export function chunkBlocks(bytes: Uint8Array): Block[] | undefined {
  const encoding = BOMS.find(([mark]) => mark.every((byte, index) => bytes[index] === byte))?.[1] ?? declared(bytes)
  const text = new TextDecoder(encoding).decode(bytes)
  if (FOREIGN.test(text.trimStart())) return undefined
  return textBlock(
    /<(?:html|body|p|div|table|h[1-6]|span|br)\b/i.test(text) ? htmlToMarkdown(text) : textToMarkdown(text),
  )
}

function declared(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1')
  const named = /charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1]
  try {
    return new TextDecoder(named).encoding
  } catch {
    return 'utf-8'
  }
}
