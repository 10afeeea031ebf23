// Markdown for a terminal: the unchanged text, with its marks made visible.
import type { Style } from './style.ts'
import { block } from './text.ts'

/** Styles line by line; the returned function remembers whether it is inside a code fence. */
function markdownLines(style: Style): (line: string) => string {
  let fence: string | undefined
  return (raw) => {
    const line = block(raw)
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    if (fence !== undefined) {
      if (mark !== undefined && mark.startsWith(fence)) fence = undefined
      return style('dim', line)
    }
    if (mark !== undefined) {
      fence = mark
      return style('dim', line)
    }
    if (/^#{1,6} /.test(line)) return style('bold', line)
    return line
      .replace(/`[^`]+`/g, (code) => style('cyan', code))
      .replace(/\*\*([^*]+)\*\*/g, (_marked, strong: string) => style('bold', strong))
      .replace(/\[\[(?:[^\]|]*\|)?([^\]|]+)\]\]/g, (_link, shown: string) => style('underline', shown))
  }
}

/** Takes text in pieces and returns whole styled lines. */
export class MarkdownStream {
  readonly #styleLine: (line: string) => string
  #rest = ''

  constructor(style: Style) {
    this.#styleLine = markdownLines(style)
  }

  push(piece: string): string {
    const lines = (this.#rest + piece).split('\n')
    this.#rest = lines.pop() ?? ''
    return lines.map((line) => `${this.#styleLine(line)}\n`).join('')
  }

  end(): string {
    const last = this.#rest
    this.#rest = ''
    return last === '' ? '' : `${this.#styleLine(last)}\n`
  }
}

export function markdown(text: string, style: Style): string {
  const stream = new MarkdownStream(style)
  return stream.push(text) + stream.end()
}
