// Where each ref moves when the history is rewritten. Annotated tags are written again, unsigned.
import { KbError } from '../../core/errors.ts'
import type { RefMove } from '../../commit/replacement.ts'
import { PRIVATE_REFS } from '../../commit/private-ref.ts'
import type { Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'

/** `commit`: what it leads to, through tags; undefined if that is not a commit. */
export type Ref = { name: string; oid: string; commit: string | undefined }

/** All refs but kbgit's private ones, and symbolic ones except those of remotes, which would lead nowhere. */
export async function listRefs({ git }: Base, objects: ObjectReader): Promise<Ref[]> {
  const listed = await git.text(['for-each-ref', '--format=%(objectname) %(objecttype) %(refname) %(symref)'])
  const refs: Ref[] = []
  for (const line of listed.split('\n')) {
    const [oid = '', type, name = '', symref = ''] = line.split(' ')
    if (name === '' || name.startsWith(`${PRIVATE_REFS}/`)) continue
    // A tag may be of another tag.
    const commit = type === 'tag' ? await objects.resolve(oid) : type === 'commit' ? oid : undefined
    const ref: Ref = { name, oid, commit }
    if (symref === '' || isRemoteBranch(ref)) refs.push(ref)
  }
  return refs
}

/** Branches that only follow a remote would keep the old history, and come back with the next fetch: they are deleted. */
export function isRemoteBranch({ name }: Ref): boolean {
  return name.startsWith('refs/remotes/')
}

/** `names`: new commits by old ones. */
export async function movesOf(
  base: Base,
  objects: ObjectReader,
  refs: Ref[],
  names: ReadonlyMap<string, string>,
): Promise<RefMove[]> {
  const moves: RefMove[] = []
  for (const ref of refs) {
    const { name, oid, commit } = ref
    if (isRemoteBranch(ref)) moves.push({ name, old: oid, new: null })
    else if (commit !== undefined && names.has(commit))
      moves.push({
        name,
        old: oid,
        new: commit === oid ? (names.get(oid) ?? oid) : await newTag(base, objects, oid, names),
      })
  }
  return moves
}

/** The id of a tag, or of a tag of a tag, for the new commit. */
async function newTag(
  base: Base,
  objects: ObjectReader,
  oid: string,
  names: ReadonlyMap<string, string>,
): Promise<string> {
  const commit = names.get(oid)
  if (commit !== undefined) return commit
  const tag = await objects.readObject(oid)
  if (tag?.type !== 'tag') throw new KbError('gitFailed', `The tag ${oid} is missing.`, { hint: 'Run "git fsck".' })
  const text = tag.body.toString('latin1')
  const target = /^object ([0-9a-f]+)$/m.exec(text)?.[1] ?? ''
  const next = await newTag(base, objects, target, names)
  const unsigned = text.replace(
    /^-----BEGIN (?:PGP|SSH) SIGNATURE-----[\s\S]*$|^-----BEGIN SIGNED MESSAGE-----[\s\S]*$/m,
    '',
  )
  const input = Buffer.from(unsigned.replace(/^object [0-9a-f]+$/m, `object ${next}`), 'latin1')
  return base.git.text(['hash-object', '-t', 'tag', '-w', '--stdin'], { input })
}
