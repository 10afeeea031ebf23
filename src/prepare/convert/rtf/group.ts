// A group of RTF as a tree: definitions and other content that is not running text.
import type { RtfEvent } from './events.ts'

export type RtfGroup = {
  /** The destination, or the first control word; '' if there is none. */
  name: string
  words: Map<string, number | undefined>
  items: (string | RtfGroup)[]
  /** Of a `\bin`, as Latin-1. */
  bytes: string
}

/** Builds the tree event by event. */
export class GroupBuilder {
  readonly #open: RtfGroup[]

  constructor(name: string) {
    this.#open = [{ name, words: new Map(), items: [], bytes: '' }]
  }

  /** The group, once it is complete. */
  take(event: RtfEvent): RtfGroup | undefined {
    const top = this.#open.at(-1)
    if (top === undefined) return undefined
    switch (event.kind) {
      case 'open': {
        const group: RtfGroup = { name: '', words: new Map(), items: [], bytes: '' }
        top.items.push(group)
        this.#open.push(group)
        return undefined
      }
      case 'close':
        this.#open.pop()
        return this.#open.length === 0 ? top : undefined
      case 'word':
        if (top.name === '') top.name = event.word
        top.words.set(event.word, event.number)
        return undefined
      case 'text':
        top.items.push(event.text)
        return undefined
      case 'bytes':
        top.bytes += event.bytes
    }
    return undefined
  }
}

export function groupsIn(group: RtfGroup | undefined, name?: string): RtfGroup[] {
  return (group?.items ?? []).filter(
    (item) => typeof item !== 'string' && (name === undefined || item.name === name),
  ) as RtfGroup[]
}

/** The first group with this name at any depth. */
export function groupNamed(group: RtfGroup, name: string): RtfGroup | undefined {
  for (const each of inOrder(group)) if (typeof each !== 'string' && each.name === name) return each
  return undefined
}

/** All text inside. Of a text that is there twice (`\upr`), the one in Unicode. */
export function textIn(group: RtfGroup | undefined): string {
  if (group === undefined) return ''
  let text = ''
  for (const each of inOrder(group)) if (typeof each === 'string') text += each
  return text
}

/** Depth first, without recursion: groups may be nested deeply. */
function* inOrder(group: RtfGroup): Generator<string | RtfGroup> {
  const left: (string | RtfGroup)[] = [group]
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    yield item
    if (typeof item === 'string') continue
    const inner = item.name === 'upr' ? groupsIn(item, 'ud') : item.items
    for (let index = inner.length - 1; index >= 0; index--) left.push(inner[index] ?? '')
  }
}
