// The JSON in what a model wrote: without its reasoning, the prose around it, and commas that JSON does not allow.

/** Tags that models put around their reasoning. */
const REASONING = 'think|thinking|thought|reasoning'
const WHOLE = new RegExp(`<(${REASONING})>[\\s\\S]*?</\\1>`, 'gi')
/** A closing tag alone: templates that open it themselves leave it. */
const CLOSED = new RegExp(`^[\\s\\S]*</(?:${REASONING})>`, 'i')

/** The first JSON object or array of the answer; without one, the answer without its reasoning. */
export function jsonIn(text: string): string {
  const answer = text.replace(WHOLE, '').replace(CLOSED, '').trim()
  if (parses(answer)) return answer
  for (const start of starts(answer)) {
    const found = withoutTrailingCommas(balanced(answer, start) ?? '')
    if (found !== '' && parses(found)) return found
  }
  return answer
}

/** Where objects and arrays may begin, at most a few: prose may have brackets of its own. */
function starts(text: string): number[] {
  const found: number[] = []
  for (const { index } of text.matchAll(/[{[]/g)) if (found.push(index) === STARTS_MAX) break
  return found
}
const STARTS_MAX = 20

/** From an opening bracket to the one that closes it; undefined if none does. */
function balanced(text: string, start: number): string | undefined {
  let depth = 0
  let quoted = false
  for (let index = start; index < text.length; index++) {
    const character = text[index]
    if (quoted) {
      if (character === '\\') index++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return text.slice(start, index + 1)
  }
  return undefined
}

function withoutTrailingCommas(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/g, (match) => (match === ',' ? '' : match))
}

function parses(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}
