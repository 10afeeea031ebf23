// The base at a commit, as the indexes read it: paths relative to the base.
import type { BaseContent } from '../../core/document/base-content.ts'
import type { Base } from '../base.ts'
import type { ObjectReader } from './objects.ts'

export function baseContent(base: Pick<Base, 'prefix'>, objects: ObjectReader): BaseContent {
  return {
    diff: (from, to) => objects.diff(from, to, base.prefix),
    tree: (commit) => objects.tree(commit, base.prefix),
    read: async function* (oids) {
      for await (const { item, body } of objects.readMany(oids, (oid) => oid)) yield { oid: item, content: body }
    },
  }
}
