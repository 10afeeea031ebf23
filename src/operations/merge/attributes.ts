// The attributes of kbgit's own folders: git-lfs has large originals; no line-ending conversion, so that committed bytes are
// exact; and the merge driver, if the clone has it configured, also for the pointers of large originals.
import type { Planned } from '../../commit/change.ts'
import type { Session } from '../../commit/session.ts'
import type { Snapshot } from '../../commit/work.ts'
import { LARGE_ATTRIBUTES } from '../../core/document/pointer.ts'

type Attributes = {
  path: string
  content: string
  /** What earlier versions wrote. */
  before: string[]
}

export const ATTRIBUTES: readonly Attributes[] = [
  { path: '.gitattributes', content: `${LARGE_ATTRIBUTES}\n`, before: [] },
  { path: 'raw/.gitattributes', content: '* -text merge=kbgit\n', before: ['* -text\n'] },
  {
    path: 'wiki/.gitattributes',
    content: '* -text\n*.md merge=kbgit\nsources/** merge=kbgit\n',
    before: ['* -text\n*.md merge=kbgit\nsources/** merge=kbgit\nsources/images/** -merge\n'],
  },
  { path: 'documents/.gitattributes', content: '* -text merge=kbgit\n', before: [] },
]

/** Files that are as an earlier version wrote them are brought up to date, in a commit of their own. */
export async function renewAttributes(session: Session): Promise<void> {
  const plan = async (snapshot: Snapshot): Promise<Planned | undefined> => {
    const changes: Planned['changes'] = []
    for (const { path, content, before } of ATTRIBUTES)
      if (before.includes((await snapshot.read(path)) ?? '')) changes.push({ path, content: { bytes: content } })
    return changes.length === 0 ? undefined : { label: 'attributes', subject: 'kbgit: init', trailers: [], changes }
  }
  if ((await session.preview({ label: 'attributes', plan })) === undefined) return
  const { unfinished } = await session.commit([{ label: 'attributes', plan }])
  if (unfinished !== undefined) throw unfinished
}
