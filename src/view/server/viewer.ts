// What the routes of one running viewer share.
import type { ViewContext } from '../context.ts'
import type { Place } from '../places.ts'
import type { Moment, ViewSource } from '../source.ts'
import type { Assets } from './assets.ts'
import type { Access } from './guard.ts'
import { liveContext } from './live-context.ts'

export type Viewer = {
  source: ViewSource
  assets: Assets
  access: Access
  /** The address of originals, with the secret part of their path. */
  originals: string
  name: string
  /** The revision that is shown where an address names none. */
  at?: string | undefined
  writable: boolean
  /** Web pages of this machine and its network may be added. */
  allowPrivate: boolean
  answers: boolean
  /** The viewer's version: what it renders can change with it. */
  version: string
  /** Aborts when the server ends. */
  signal: AbortSignal
}

export function contextOf(viewer: Viewer, moment: Moment, pinned: boolean, place: Place): ViewContext {
  const { assets, name, originals, writable, answers } = viewer
  return liveContext({
    name,
    moment,
    pinned,
    place,
    assetPath: (asset) => `/assets/${assets.fileName(asset)}`,
    originals,
    writable,
    answers,
  })
}
