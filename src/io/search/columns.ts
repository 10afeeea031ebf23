// How values are stored in columns of the search store.
import type { IndexedKind } from '../../core/page/page-kind.ts'

export type PageKey = { oid: string; kind: IndexedKind }

/** An object id in its stored form. */
export function bytes(oid: string): Uint8Array {
  return Buffer.from(oid, 'hex')
}

/** Ids of passages in order, from 32-bit numbers. */
export function passageIds(blob: unknown): Uint32Array {
  if (!(blob instanceof Uint8Array)) return new Uint32Array()
  return new Uint32Array(blob.slice().buffer)
}
