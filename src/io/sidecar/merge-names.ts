// What the merge driver found out about a merge, for its next call and for what completes the merge. Only a note: each
// merged registry file says by itself which document is still to come.
import { rm } from 'node:fs/promises'
import { fields, fits, list, oneOf, text, type Shape } from '../../core/shape.ts'
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

const RENAMES_MAX = 10_000
/** Merges that wait, for example in a clone without hooks where nothing is written. */
const NOTES_MAX = 100
const line = text('one line', 4096)

const NOTES = list(
  fields(
    {
      prefix: line,
      ours: line,
      theirs: line,
      renames: list(
        fields(
          {
            key: line,
            path: line,
            to: line,
            side: oneOf('ours', 'theirs'),
            inBase: truth(),
            known: truth(),
            sha256: line,
            commit: line,
          },
          { base: line },
        ),
        RENAMES_MAX,
      ),
    },
    {
      displaced: list(
        fields({ key: line, to: line, side: oneOf('ours', 'theirs'), title: text('a title', 65_536) }, {}),
        RENAMES_MAX,
      ),
    },
  ),
  NOTES_MAX,
)

function truth(): Shape<boolean> {
  return (value, field) => (typeof value === 'boolean' ? undefined : { field, expected: 'true or false' })
}

type Sidecar = { sidecarDir: string }
/** `prefix`: the base's folder in the repository. `commit`: where the renamed document has its old name. */
export type MergeNote = NonNullable<(typeof NOTES)['type']>[number]

/** Of the merges since the last one that was completed, in order. */
export async function readMergeNotes(base: Sidecar): Promise<MergeNote[]> {
  const value = await readKeptJson(sidecarPath(base, 'mergeNames'))
  return fits(NOTES, value) ? value : []
}

export function writeMergeNotes(base: Sidecar, notes: MergeNote[]): void {
  writeKeptJson(sidecarPath(base, 'mergeNames'), notes.slice(-NOTES_MAX))
}

/** Those of the base are done with; the repository may have others. */
export async function dropMergeNotes(base: Sidecar & { prefix: string }): Promise<void> {
  const others = (await readMergeNotes(base)).filter(({ prefix }) => prefix !== base.prefix)
  if (others.length > 0) writeMergeNotes(base, others)
  else await rm(sidecarPath(base, 'mergeNames'), { force: true })
}
