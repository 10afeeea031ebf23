// What a commit message tells kbgit: the operation in its subject, and trailers in its last paragraph.

export const OPERATIONS = [
  'init',
  'add',
  'update',
  'remove',
  'recompile',
  'overview',
  'edit',
  'lint',
  'query',
  'undo',
  'purge',
  'merge',
  'propose',
] as const
/** `commit` is any commit that kbgit did not make. */
export type Operation = (typeof OPERATIONS)[number] | 'commit'

export type CommitFacts = {
  operation: Operation
  transaction?: string
  /** Names, in the order of the trailers. */
  documents: string[]
  compiler?: string | undefined
  model?: string | undefined
  /** The agent or program on whose behalf. */
  agent?: string | undefined
  /** Runs that the commit undoes; see `runOf`. */
  undone: string[]
  /** Runs of a review that the commit merges; see `runOf`. */
  accepted: string[]
  /** The message without kbgit's trailers and without the last line end. */
  text: string
}

/** Only the last paragraph can hold trailers, and only one with a `Kbgit-Transaction` is kbgit's. */
export function readMessage(message: string): CommitFacts {
  const whole = message.trimEnd()
  const { start, lines, trailers } = trailersOf(whole)
  const transaction = trailers('Transaction').at(-1)
  if (transaction === undefined) return { operation: 'commit', documents: [], undone: [], accepted: [], text: whole }
  const kept = lines.filter((line) => !line.startsWith('Kbgit-'))
  return {
    operation: operationOf(whole),
    transaction,
    documents: trailers('Document'),
    compiler: trailers('Compiler').at(-1),
    model: trailers('Model').at(-1),
    agent: trailers('Agent').at(-1),
    undone: trailers('Undone'),
    accepted: trailers('Accepted'),
    text: `${whole.slice(0, start)}\n\n${kept.join('\n')}`.trimEnd(),
  }
}

/** The documents that a commit of kbgit names; undefined for any other commit. A part of `readMessage`. */
export function documentsNamed(message: string): string[] | undefined {
  const { trailers } = trailersOf(message.trimEnd())
  return trailers('Transaction').length === 0 ? undefined : trailers('Document')
}

/** The last paragraph: where it starts, its lines, and the values of a trailer in it. */
function trailersOf(whole: string): { start: number; lines: string[]; trailers: (key: string) => string[] } {
  const start = whole.lastIndexOf('\n\n')
  const lines = start === -1 ? [] : whole.slice(start + 2).split('\n')
  const trailers = (key: string): string[] => {
    const name = `Kbgit-${key}:`
    return lines.filter((line) => line.startsWith(name)).map((line) => line.slice(name.length).replace(/^ +/, ''))
  }
  return { start, lines, trailers }
}

/** The run of a transaction: one command, whose transactions are numbered. */
export function runOf(transaction: string): string {
  return transaction.replace(/-\d+$/, '')
}

function operationOf(message: string): Operation {
  const word = /^(?:kbgit: *)?([a-z]+)(?=:|\n|$)/.exec(message)?.[1]
  return OPERATIONS.find((operation) => operation === word) ?? 'commit'
}

/** Seconds since the epoch and a zone as git writes it (`+0130`), as ISO 8601 in that zone; `Z` for UTC. */
export function isoDate(seconds: number, zone: string): string {
  const match = /^([+-])(\d\d)(\d\d)$/.exec(zone)
  const minutes = match === null ? 0 : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]))
  const local = new Date((seconds + minutes * 60) * 1000).toISOString().slice(0, 19)
  return minutes === 0 ? `${local}Z` : `${local}${zone.slice(0, 3)}:${zone.slice(3)}`
}
