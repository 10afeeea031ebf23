// What the routes of one running viewer share.
import type { ViewContext } from '../context.ts'
import type { Place } from '../places.ts'
import type { ViewSource } from '../source.ts'
import type { AskedMoment } from './asked-moment.ts'
import type { Assets } from './assets.ts'
import { hostName, type Access } from './guard.ts'
import { liveContext } from './live-context.ts'

export type Viewer = {
  source: ViewSource
  assets: Assets
  access: Access
  originals: Originals
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

/** Where the originals are: another port, and so another origin, of the name by which the viewer was reached. */
export type Originals = { port: number; secret: string }

/** The origin of originals for a request whose `Host` is this. It was checked: see `refusal`. */
export function originalsOrigin({ port }: Originals, host: string): string {
  return `http://${hostName(host)}:${port}`
}

/** @param host of the request */
export function contextOf(viewer: Viewer, host: string, { pinned, ...moment }: AskedMoment, place: Place): ViewContext {
  const { assets, name, originals, writable, answers } = viewer
  return liveContext({
    name,
    moment,
    pinned,
    place,
    assetPath: (asset) => `/assets/${assets.fileName(asset)}`,
    originals: `${originalsOrigin(originals, host)}/${originals.secret}`,
    writable,
    answers,
  })
}
