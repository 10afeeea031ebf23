// Walks a whole history from its roots, with what each commit changed.
import { KbError } from '../../core/errors.ts'
import { IGNORE_GITMODULES, type Git } from './git.ts'
import type { ObjectReader } from './objects.ts'

/** `oid` is null if the commit deleted the path, `oldOid` if it is new. Paths are relative to the work tree. */
export type PastChange = { path: string; mode: string; oid: string | null; oldOid: string | null }

/** `changes` are those since the first parent. */
export type PastCommit = { oid: string; parents: string[]; changes: PastChange[] }

/** Parents come before their children. Throws `KbError` (`gitFailed`) for a path that is not UTF-8. */
export async function* pastCommits(git: Git, objects: ObjectReader, tips: string[]): AsyncGenerator<PastCommit> {
  const listed = await git.text(['rev-list', '--topo-order', '--reverse', '--parents', '--stdin'], {
    input: `${tips.join('\n')}\n`,
  })
  const commits = listed.split('\n').map((line): PastCommit => {
    const [oid = '', ...parents] = line.split(' ')
    return { oid, parents, changes: [] }
  })
  const args = [
    'diff-tree',
    IGNORE_GITMODULES,
    '--stdin',
    '--always',
    '--root',
    '-r',
    '-z',
    '--raw',
    '--no-renames',
    '--no-abbrev',
  ]
  const input = commits.map(({ oid, parents }) => `${oid} ${parents[0] ?? ''}`.trim()).join('\n')
  let next = 0
  let meta: string[] | undefined
  for await (const field of objects.fields(args, `${input}\n`)) {
    if (meta !== undefined) {
      const [, mode = '', oldOid = '', oid = '', status = ''] = meta
      meta = undefined
      if (field.includes('\uFFFD'))
        throw new KbError(
          'gitFailed',
          `${JSON.stringify(field)} is not a name in UTF-8: its history cannot be rewritten.`,
        )
      commits[next - 1]?.changes.push({
        path: field,
        mode,
        oid: status === 'D' ? null : oid,
        oldOid: status === 'A' ? null : oldOid,
      })
    } else if (field.startsWith(':')) meta = field.slice(1).split(' ')
    else {
      const done = commits[next - 1]
      if (done !== undefined) {
        yield done
        // Not kept: a long history has millions of changes.
        done.changes = []
      }
      next++
    }
  }
  const last = commits[next - 1]
  if (last !== undefined) yield last
}
