// Tells git, by attributes in the base, that git-lfs has the originals in `raw/large/`.
import { join } from 'node:path'
import type { Change } from '../commit/change.ts'
import type { Snapshot } from '../commit/work.ts'
import { RAW } from '../core/layout.ts'
import { LARGE_ATTRIBUTES, LARGE_ATTRIBUTES_INSIDE } from '../core/document/pointer.ts'
import type { Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'

const ATTRIBUTES_FILE = '.gitattributes'
/** kbgit's own, in any base. */
const INSIDE = `${RAW}/.gitattributes`

/** The change that adds them, if they are missing. A `.gitattributes` that is the user's is left as it is. */
export async function largeAttributes(base: Pick<Base, 'root'>, snapshot: Pick<Snapshot, 'read'>): Promise<Change[]> {
  const top = await snapshot.read(ATTRIBUTES_FILE)
  if (top !== undefined && hasLine(top, LARGE_ATTRIBUTES)) return []
  if (top === undefined && lstatIfThere(join(base.root, ATTRIBUTES_FILE)) === undefined)
    return [{ path: ATTRIBUTES_FILE, content: { bytes: `${LARGE_ATTRIBUTES}\n` } }]
  const inside = await snapshot.read(INSIDE)
  if (inside !== undefined && hasLine(inside, LARGE_ATTRIBUTES_INSIDE)) return []
  return [{ path: INSIDE, content: { bytes: `${inside ?? '* -text\n'}${LARGE_ATTRIBUTES_INSIDE}\n` } }]
}

function hasLine(text: string, line: string): boolean {
  return text.split('\n').some((one) => one.trim() === line)
}
