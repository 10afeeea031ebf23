// Documents of a review as commits of their own on top of another branch: each is separated from the others and merged with
// kbgit's merge driver, beside the work tree.
import { identityEnv, identLine, partsOf } from '../../commit/identity.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Base } from '../../io/base.ts'
import { openHistory } from '../../io/open-history.ts'
import { mergedTree } from '../sync/merge-commit.ts'
import { changedTogether, separated, type ToSeparate } from './separate.ts'

/**
 * The new tip, and the documents that came in: those named, and those that a commit of theirs names too. The commits keep
 * authors and messages, but belong to `transaction`. Throws `KbError` (`rolledBack`) for a conflict, or for a document that
 * cannot be told from the others.
 */
export async function pickDocuments(
  base: Base,
  tools: OpenWriter,
  review: ToSeparate,
  { names, onto, transaction, number }: { names: readonly string[]; onto: string; transaction: string; number: number },
): Promise<{ tip: string; picked: string[] }> {
  await using history = await openHistory({ ...base, driver: 'git' })
  const picked = new Set<string>()
  let tip = onto
  for (const { name } of review.documents) {
    if (!names.includes(name) || picked.has(name)) continue
    const together = changedTogether(review.commits, name)
    const tree = await separated(base, { ...tools, history }, review, together)
    tip = await commitOn(base, tools, { tip, tree, review, together, transaction, number })
    for (const one of together) picked.add(one)
  }
  return { tip, picked: [...picked] }
}

type Picked = {
  tip: string
  tree: string
  review: ToSeparate
  together: readonly string[]
  transaction: string
  number: number
}

async function commitOn(
  base: Base,
  { identity, staging }: OpenWriter,
  { tip, tree, review, together, transaction, number }: Picked,
): Promise<string> {
  const { git } = base
  const last = review.commits.findLast(({ documents }) => documents.some((name) => together.includes(name)))
  // git merges commits, not trees: these have the beginning of the review as their base, whatever their history.
  const ancestor = await bare(base, review.from)
  const [ours, theirs] = await Promise.all([bare(base, tip, ancestor), bare(base, tree, ancestor)])
  const name = last?.subject ?? together.join(', ')
  const hint = (): string => 'Accept the whole review, or merge it by hand with git.'
  const merged = await mergedTree(base, { ours, theirs, name, scratch: staging.folder(), hint })
  if (merged === (await git.text(['rev-parse', `${tip}^{tree}`]))) return tip
  const author = await git.text(['log', '-1', '--format=%an <%ae> %ad', '--date=raw', last?.oid ?? review.tip])
  const message = (last?.message ?? '')
    .trimEnd()
    .replace(/^Kbgit-Transaction: .*$/m, `Kbgit-Transaction: ${transaction}`)
  return git.text(['commit-tree', merged, '-p', tip, '-F', '-'], {
    input: `${message}\nKbgit-Review: ${number}\n`,
    env: {
      ...identityEnv('AUTHOR', partsOf(author)),
      ...identityEnv('COMMITTER', partsOf(identLine(identity.committer, base.clock))),
    },
  })
}

/** A commit with the tree of another one, or a tree, and a history of its own. */
async function bare({ git }: Base, tree: string, parent?: string): Promise<string> {
  const who = { name: 'kbgit', email: 'kbgit@localhost', date: '0 +0000' }
  return git.text(['commit-tree', `${tree}^{tree}`, ...(parent === undefined ? [] : ['-p', parent]), '-m', 'merge'], {
    env: { ...identityEnv('AUTHOR', who), ...identityEnv('COMMITTER', who) },
  })
}
