// Merges an edit that the user made while the page was being committed on top of the new page, if the merge is clean.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { IntentPath } from '../core/transaction/intent.ts'
import { mergePage } from '../core/merge/merge.ts'
import type { Base } from '../io/base.ts'
import { moveOver } from '../io/durable-fs.ts'
import { writeStaged } from '../io/git/work-tree.ts'
import { isEditablePage } from './change.ts'

/**
 * Merges the user's page with the committed one, section by section, and replaces it. Returns false and leaves the
 * user's page alone if both changed the same section. Idempotent. `scratch` is an unused file name.
 */
export async function mergeEdit(base: Base, { path, before, after }: IntentPath, scratch: string): Promise<boolean> {
  const inBase = path.slice(base.prefix.length)
  if (before === null || after === null || !isEditablePage(inBase)) return false
  const at = join(base.repository.workTree, path)
  const edited = readFileSync(at)
  const [was, is] = await Promise.all([before, after].map((oid) => base.git.run(['cat-file', 'blob', oid])))
  if (was === undefined || is === undefined) return false
  const merged = mergePage(was.stdout.toString(), edited.toString(), is.stdout.toString(), inBase, (_, ours) => ({
    text: ours,
    conflict: true,
  }))
  if (merged.conflict || !Buffer.from(edited.toString()).equals(edited)) return false
  writeStaged(scratch, merged.text)
  // The user may have kept editing while we merged.
  if (!readFileSync(at).equals(edited)) return false
  moveOver(scratch, at)
  return true
}
