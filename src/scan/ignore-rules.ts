// Path patterns in gitignore syntax (git-scm.com/docs/gitignore). Paths are components as byte strings, so that `?` and
// `[…]` match one byte, as they do in git. Matching backtracks to the last star only, so its time is bounded by the
// product of the lengths, whatever the pattern.

type Token =
  | { kind: 'byte'; byte: string }
  | { kind: 'any' }
  | { kind: 'star' }
  | { kind: 'set'; negated: boolean; has: (byte: string) => boolean }
type Segment = '**' | Token[]

type Rule = {
  negated: boolean
  folderOnly: boolean
  /** Without a slash: matches the last component at any depth. */
  anywhere: boolean
  /**
   * The bytes before the first special one, and what follows. git compares the first part literally and matches the
   * second separately, which matters: in `foo**` + `/bar` the stars are at a beginning, so they cross slashes.
   */
  prefix: string
  segments: Segment[]
}

/** `undefined`: the rules do not decide. */
export type Verdict = 'ignored' | 'kept' | undefined

const CLASSES = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['blank', /[ \t]/],
  ['cntrl', /[^ -\xff]|\x7f/],
  ['digit', /\d/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[ \t\n\r]/],
  ['upper', /[A-Z]/],
  ['xdigit', /[A-Fa-f0-9]/],
])

export class IgnoreRules {
  readonly #rules: readonly Rule[]

  private constructor(rules: readonly Rule[]) {
    this.#rules = rules
  }

  /** The contents of an ignore file, as a byte string. */
  static parse(file: string): IgnoreRules {
    return IgnoreRules.of(
      file
        .replace(/^\xef\xbb\xbf/, '')
        .split('\n')
        .map((line) => line.replace(/\r$/, '')),
    )
  }

  /** One pattern each. */
  static of(lines: readonly string[]): IgnoreRules {
    return new IgnoreRules(lines.flatMap((line) => parseRule(line) ?? []))
  }

  get empty(): boolean {
    return this.#rules.length === 0
  }

  /** Only the rules that apply at any depth: those that do not depend on the folder that contains the file. */
  get anywhere(): IgnoreRules {
    return new IgnoreRules(this.#rules.filter((rule) => rule.anywhere))
  }

  /** The last matching rule decides. `path` from `from` on is below the folder of the rules. */
  verdict(path: readonly string[], from: number, isFolder: boolean): Verdict {
    const name = path.at(-1) ?? ''
    const rule = this.#rules.findLast((rule) => {
      if (rule.folderOnly && !isFolder) return false
      const [only] = rule.segments
      return rule.anywhere
        ? only !== undefined && matchSegment(only, name)
        : matchBelow(rule, path.slice(from).join('/'))
    })
    return rule === undefined ? undefined : rule.negated ? 'kept' : 'ignored'
  }
}

function parseRule(line: string): Rule | undefined {
  let pattern = trimTrailingSpaces(line)
  if (pattern === '' || pattern.startsWith('#')) return undefined
  const negated = pattern.startsWith('!')
  if (negated) pattern = pattern.slice(1)
  const folderOnly = pattern.endsWith('/')
  if (folderOnly) pattern = pattern.slice(0, -1)
  const anywhere = !pattern.includes('/')
  if (pattern.startsWith('/')) pattern = pattern.slice(1)
  const prefix = anywhere ? '' : (/^[^*?[\\]*/.exec(pattern)?.[0] ?? '')
  const segments = parsePattern(pattern.slice(prefix.length))
  return segments === undefined ? undefined : { negated, folderOnly, anywhere, prefix, segments }
}

/** Trailing spaces are dropped, except after a backslash. */
function trimTrailingSpaces(line: string): string {
  let end = 0
  for (let i = 0; i < line.length; i++) {
    if (line[i] === '\\') i++
    else if (line[i] === ' ') continue
    end = i + 1
  }
  return line.slice(0, Math.min(end, line.length))
}

/** Undefined for a pattern that can match nothing: an open bracket, an unknown class, a trailing backslash. */
function parsePattern(pattern: string): Segment[] | undefined {
  const segments: Segment[] = []
  let tokens: Token[] = []
  let stars = 0
  const closeSegment = (): void => {
    segments.push(stars >= 2 && stars === tokens.length ? '**' : tokens)
    tokens = []
    stars = 0
  }
  for (let i = 0; i < pattern.length; i++) {
    const byte = pattern[i] ?? ''
    if (byte === '*') {
      tokens.push({ kind: 'star' })
      stars++
    } else if (byte === '?') tokens.push({ kind: 'any' })
    else if (byte === '[') {
      const set = parseSet(pattern, i)
      if (set === undefined) return undefined
      tokens.push(set.token)
      i = set.end
    } else if (byte === '/') closeSegment()
    else if (byte === '\\') {
      const escaped = pattern[++i]
      if (escaped === undefined) return undefined
      if (escaped === '/') closeSegment()
      else tokens.push({ kind: 'byte', byte: escaped })
    } else tokens.push({ kind: 'byte', byte })
  }
  closeSegment()
  return segments
}

/** The set that opens at `start`; `end` is the position of its closing bracket. */
function parseSet(pattern: string, start: number): { token: Token; end: number } | undefined {
  let i = start + 1
  const negated = pattern[i] === '!' || pattern[i] === '^'
  if (negated) i++
  const members: ((byte: string) => boolean)[] = []
  let previous: string | undefined
  for (let first = true; ; first = false, i++) {
    let byte = pattern[i]
    if (byte === undefined) return undefined
    if (byte === ']' && !first)
      return { token: { kind: 'set', negated, has: (b) => members.some((is) => is(b)) }, end: i }
    if (byte === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(']', i + 2)
      if (close === -1) return undefined
      if (close > i + 2 && pattern[close - 1] === ':') {
        const named = CLASSES.get(pattern.slice(i + 2, close - 1))
        if (named === undefined) return undefined
        members.push((b) => named.test(b))
        previous = undefined
        i = close
        continue
      }
    }
    if (byte === '-' && previous !== undefined && pattern[i + 1] !== undefined && pattern[i + 1] !== ']') {
      let last = pattern[++i] ?? ''
      if (last === '\\') last = pattern[++i] ?? ''
      if (last === '') return undefined
      const lowest = previous
      members.push((b) => b >= lowest && b <= last)
      previous = undefined
      continue
    }
    if (byte === '\\') {
      byte = pattern[++i]
      if (byte === undefined) return undefined
    }
    const only = byte
    members.push((b) => b === only)
    previous = only
  }
}

function matchBelow({ prefix, segments }: Rule, path: string): boolean {
  return path.startsWith(prefix) && matchPath(segments, path.slice(prefix.length).split('/'))
}

/** `**` matches any number of components, at the end of the pattern at least one. */
function matchPath(segments: readonly Segment[], path: readonly string[]): boolean {
  let s = 0
  let p = 0
  let resume: { s: number; p: number } | undefined
  while (p < path.length) {
    const segment = segments[s]
    if (segment === '**') {
      if (s === segments.length - 1) return true
      resume = { s: ++s, p }
    } else if (segment !== undefined && matchSegment(segment, path[p] ?? '')) {
      s++
      p++
    } else if (resume !== undefined) {
      resume.p++
      ;({ s, p } = resume)
    } else return false
  }
  return s === segments.length
}

function matchSegment(segment: Segment, name: string): boolean {
  if (segment === '**') return true
  let t = 0
  let n = 0
  let resume: { t: number; n: number } | undefined
  while (n < name.length) {
    const token = segment[t]
    if (token?.kind === 'star') resume = { t: ++t, n }
    else if (token !== undefined && matchByte(token, name[n] ?? '')) {
      t++
      n++
    } else if (resume !== undefined) {
      resume.n++
      ;({ t, n } = resume)
    } else return false
  }
  while (segment[t]?.kind === 'star') t++
  return t === segment.length
}

function matchByte(token: Exclude<Token, { kind: 'star' }>, byte: string): boolean {
  switch (token.kind) {
    case 'byte':
      return token.byte === byte
    case 'any':
      return true
    case 'set':
      return token.has(byte) !== token.negated
  }
}
