// Plans a message and its attachments in one commit: which document each attachment is, and what changes for each.
import { basename, extname } from 'node:path'
import { mergePlans, type Planned } from '../../commit/change.ts'
import type { Apply, Snapshot } from '../../commit/work.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import { collisionKey, freeName, slugify } from '../../core/page/slug.ts'
import type { Base } from '../../io/base.ts'
import { attachmentLines, type Linked } from '../../wiki/attachment-lines.ts'
import { planDetached, planLinks } from '../plan-removal.ts'
import { planFiles, type ReadyDocument } from './plan-files.ts'

export type AttachmentEnd = { kind: 'added' | 'updated'; ready: ReadyDocument }

type Choice =
  /** A new document, or new content of one that only this message has. */
  | { kind: 'write'; ready: ReadyDocument; known: DocumentRecord | undefined; linked: Linked }
  /** Its content is already in the base. */
  | { kind: 'link'; record: DocumentRecord; linked: Linked }

/** Messages listed in an attachment's record. An attachment with several stays when some of them are removed. */
const MESSAGES_MAX = 1_000

/** `mail` has its final name; `known` is its record so far, if it is an update. */
export async function planMessage(
  base: Base,
  snapshot: Snapshot,
  apply: Apply,
  mail: ReadyDocument,
  known: DocumentRecord | undefined,
): Promise<{ planned: Planned; ends: AttachmentEnd[] }> {
  // Decided for all of them before the message itself takes a place: they share one shard, which may exceed its limit a
  // little.
  const shard = snapshot.catalog.openShard('documents')
  const choices = chooseDocuments(mail, known, snapshot, shard)
  const attachments = [...choices.keys()]
  const find = (name: string): Linked | undefined => choices.get(name)?.linked ?? snapshot.catalog.documentByName(name)
  const plans: Planned[] = []
  const plan = (one: Planned): void => {
    apply(one.changes)
    plans.push(one)
  }
  const own = await planFiles(base, snapshot, mail, known, {
    shard: known === undefined ? shard : shardOf(known.summary),
    attachments: attachments.length === 0 ? undefined : attachments,
    attachedTo: undefined,
    lines: attachmentLines({ attachments }, find),
  })
  apply(own.changes)
  for (const choice of choices.values()) {
    if (choice.kind === 'write') {
      const attachedTo = [mail.name]
      plan(
        await planFiles(base, snapshot, choice.ready, choice.known, {
          shard: choice.known === undefined ? shard : shardOf(choice.known.summary),
          attachedTo,
          lines: attachmentLines({ attachedTo }, find),
        }),
      )
    } else {
      const { attachedTo = [], standalone } = choice.record
      if (attachedTo.includes(mail.name) || attachedTo.length >= MESSAGES_MAX) continue
      const links = {
        attachedTo: [...attachedTo, mail.name],
        standalone: choice.record.attachedTo === undefined ? (true as const) : standalone,
      }
      plan(await planLinks(choice.record, links, snapshot))
    }
  }
  for (const name of known?.attachments ?? []) {
    if (choices.has(name)) continue
    const detached = await planDetached(base, name, mail.name, snapshot, apply, {})
    if (detached !== undefined) plans.push(detached)
  }
  const ends = [...choices.values()].flatMap((choice) =>
    choice.kind === 'write'
      ? [{ kind: choice.known === undefined ? ('added' as const) : ('updated' as const), ready: choice.ready }]
      : [],
  )
  return { planned: mergePlans([own, ...plans]), ends }
}

/** By document name, in the order of the message. */
function chooseDocuments(
  mail: ReadyDocument,
  known: DocumentRecord | undefined,
  { catalog }: Snapshot,
  shard: number,
): Map<string, Choice> {
  const attachments = mail.attachments ?? []
  const same = attachments.map(({ prepared }) => catalog.documentByDigest(prepared.sha256))
  const linked = new Set(same.map((record) => record?.name))
  const choices = new Map<string, Choice>()
  const taken = (key: string): boolean =>
    key === collisionKey(mail.name) ||
    catalog.documentNameTaken(key) ||
    [...choices.keys()].map(collisionKey).includes(key)
  for (const [index, attachment] of attachments.entries()) {
    const record = same[index]
    if (record !== undefined) {
      choices.set(record.name, { kind: 'link', record, linked: record })
      continue
    }
    const before = earlier(attachment, mail, known, { catalog })
    const own = before === undefined || linked.has(before.name) || choices.has(before.name) ? undefined : before
    const name = own?.name ?? freeName(slugify(`${mail.name}-${stemOf(attachment.origin)}`), taken)
    const { summary } = own ?? documentPaths(name, shard, '')
    choices.set(name, {
      kind: 'write',
      ready: { ...attachment, name, origin: freeOrigin(attachment.origin, own, catalog) },
      known: own,
      linked: { summary, title: attachment.compiled.title },
    })
  }
  return choices
}

/** The document that has been this message's attachment with that name, if no other message has it. */
function earlier(
  { origin }: ReadyDocument,
  mail: ReadyDocument,
  known: DocumentRecord | undefined,
  { catalog }: Pick<Snapshot, 'catalog'>,
): DocumentRecord | undefined {
  if (known === undefined) return undefined
  const moved = `${known.origin}${origin.slice(mail.origin.length)}`
  const record = catalog.documentByOrigin(moved)
  return record?.attachedTo?.length === 1 && record.attachedTo[0] === known.name ? record : undefined
}

/** The earlier attachment keeps its origin while other messages have it. */
function freeOrigin(origin: string, own: DocumentRecord | undefined, catalog: Snapshot['catalog']): string {
  const extension = extname(origin)
  let free = origin
  for (let n = 2; ; n++) {
    const holder = catalog.documentByOrigin(free)
    if (holder === undefined || holder.name === own?.name) return free
    free = `${origin.slice(0, origin.length - extension.length)}-${n}${extension}`
  }
}

function stemOf(origin: string): string {
  return basename(origin, extname(origin))
}
