// Tasks that agents are working on. Losing the file costs nothing but work done twice: what is waiting follows from the
// commit.
import { fields, fits, integer, list, oneOf, shapeOf, text } from '../../core/shape.ts'
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

export type Lease = {
  id: string
  kind: 'document' | 'overview' | 'check'
  /** The name of the document, or the paths of the pages. */
  subjects: string[]
  /** What the task was made from: an answer for anything else is refused. */
  version: string
  client: string
  /** Milliseconds since the epoch. */
  until: number
}

export type Leases = {
  version: 1
  leases: Lease[]
  /** The review that a client's answers go to, while it is open. */
  reviews: { client: string; branch: string }[]
  /** Topic pages that `lint` wants checked for contradictions, by path. */
  checks?: string[]
  /** Names of documents that are to be compiled again. */
  again?: string[]
}

const line = text('a text', 10_000)
const LEASES = shapeOf<Leases>()(
  fields(
    {
      version: oneOf(1),
      leases: list(
        fields(
          {
            id: text('an id', 64, /^[\w-]+$/),
            kind: oneOf('document', 'overview', 'check'),
            subjects: list(line, 1_000),
            version: line,
            client: line,
            until: integer(0),
          },
          {},
        ),
        100_000,
      ),
      reviews: list(
        fields({ client: line, branch: text('a branch', 200, /^refs\/heads\/kbgit\/review\/\d{1,9}$/) }, {}),
        10_000,
      ),
    },
    { checks: list(line, 1_000), again: list(line, 1_000_000) },
  ),
)

export async function readLeases(base: { sidecarDir: string }): Promise<Leases> {
  const value = await readKeptJson(sidecarPath(base, 'leases'))
  return fits(LEASES, value) ? value : { version: 1, leases: [], reviews: [] }
}

/** Call it with the exclusive lock held. */
export function writeLeases(base: { sidecarDir: string }, leases: Leases): void {
  writeKeptJson(sidecarPath(base, 'leases'), leases)
}
