// The parser of messages, with short lines joined: the library makes a part of a Blob of each line and of each line break,
// and Node takes as long for a part of one byte as for a part of a thousand.
import PostalMime from 'postal-mime'
import { joinFlowed } from './mail-parts.ts'

/** Parts of a body, each a line or a line break, that are made one. */
const PARTS_JOINED = 2048

type Node = { contentDecoder?: Decoder | null; decodeFlowedText?: (text: string, deletesSpace: boolean) => string }
type Decoder = { chunks?: (Uint8Array | string)[] }
/** What of the library's parser is used here. Its types leave it out; without it bodies are read all the same. */
type Internals = {
  processLine(line: Uint8Array, isLast: boolean): Promise<void>
  currentNode?: Node
}

/** As `PostalMime`: one parser reads one message. */
export class LineJoiningParser extends PostalMime {
  /** The body in progress, and how many of its parts are joined ones. */
  #decoder: Decoder | undefined
  #joined = 0

  async processLine(line: Uint8Array, isLast: boolean): Promise<void> {
    const node = (this as unknown as Internals).currentNode
    // The library's leaves marks of quotation in the middle of joined lines.
    if (node?.decodeFlowedText !== undefined) node.decodeFlowedText = joinFlowed
    const decoder = node?.contentDecoder ?? undefined
    if (decoder !== this.#decoder) this.#joined = 0
    this.#decoder = decoder
    const parts = decoder?.chunks
    if (parts !== undefined && parts.length - this.#joined >= PARTS_JOINED) {
      const lines = parts.splice(this.#joined).map((part) => (typeof part === 'string' ? Buffer.from(part) : part))
      parts.push(Buffer.concat(lines))
      this.#joined = parts.length
    }
    await (PostalMime.prototype as unknown as Internals).processLine.call(this, line, isLast)
  }
}
