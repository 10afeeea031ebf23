// Finds the pages that link to a document.
import type { DocumentRecord } from '../core/document/document.ts'
import { linkTarget } from '../core/layout.ts'
import type { Base } from '../io/base.ts'

/** Pages of a commit that link to a document's summary or text, relative to the base. */
export async function pagesLinkingTo(
  { git, prefix }: Base,
  { summary, source }: DocumentRecord,
  commit: string,
): Promise<string[]> {
  const patterns = [summary, source].flatMap((path) => ['-e', `[[${linkTarget(path)}`])
  const args = ['grep', '-l', '-z', '-F', '--full-name', ...patterns, commit, '--', `${prefix}wiki`]
  const found = await git.run(args, { ok: [0, 1] })
  return found.stdout
    .toString()
    .split('\0')
    .flatMap((name) => (name.startsWith(`${commit}:${prefix}`) ? [name.slice(`${commit}:${prefix}`.length)] : []))
}
