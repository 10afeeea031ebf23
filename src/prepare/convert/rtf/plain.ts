// The plain text of RTF, found by its control words alone, for the coverage check.
import { COLLECTED, destinationOf } from './destinations.ts'
import { rtfEvents } from './events.ts'

const BREAKS = /^(?:par|pard|line|page|sect|column|cell|nestcell|row|nestrow)$/

/** Groups whose text is not that of the paragraph around them. */
const APART = new Set(['footnote', 'annotation', 'shptxt', 'dptxbxtext'])

/** The text of each paragraph or cell. `source` is bytes as Latin-1. */
export function plainOfRtf(source: string): { text: string }[] {
  const parts: string[] = []
  const stack: State[] = []
  let state: State = { skipped: false, hidden: false, deleted: false, outside: false, apart: 0 }
  let part = ''
  const end = (): void => {
    parts.push(part)
    part = ''
  }
  for (const event of rtfEvents(source)) {
    if (event.kind === 'open') {
      stack.push(state)
      state = { ...state }
    } else if (event.kind === 'close') {
      const inner = state
      state = stack.pop() ?? state
      if (inner.apart > state.apart) end()
    } else if (event.kind === 'text') {
      if (!state.skipped && !state.hidden && !state.deleted) part += event.text
    } else if (event.kind === 'word') {
      const { word, number, first, starred } = event
      if (first && APART.has(word) && !state.skipped) {
        state.apart++
        end()
      }
      if (word === 'upr') state.outside = state.skipped
      if (word === 'ud') state.skipped = state.outside
      else if (first && (word === 'upr' || COLLECTED.has(word) || destinationOf(word, starred) === 'skipped'))
        state.skipped = true
      else if (word === 'v') state.hidden = number !== 0
      else if (word === 'deleted') state.deleted = number !== 0
      else if (word === 'plain') state.hidden = state.deleted = false
      else if (BREAKS.test(word) && !state.skipped) {
        part += ' '
        if (word === 'line') continue
        end()
      }
    }
  }
  return [...parts, part].filter((each) => each.trim() !== '').map((each) => ({ text: each }))
}

type State = { skipped: boolean; hidden: boolean; deleted: boolean; outside: boolean; apart: number }
