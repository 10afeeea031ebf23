// The context of pages that a server shows: addresses are paths of the server.
import type { ViewContext } from '../context.ts'
import { anchorOf, pathOf, queryOf, type Place } from '../places.ts'
import type { Moment } from '../source.ts'

export type LiveContextOptions = {
  name: string
  moment: Moment
  pinned: boolean
  place: Place
  assetPath: (name: string) => string
  /** Where originals are: an origin and a secret path. */
  originals: string
  writable: boolean
  answers: boolean
}

export function liveContext(options: LiveContextOptions): ViewContext {
  const { moment, pinned } = options
  const at = pinned ? moment.commit : undefined
  return {
    base: { name: options.name },
    moment: { ...moment, pinned },
    mode: 'live',
    place: options.place,
    link: (place) => addressOf(place, at),
    asset: options.assetPath,
    // Pictures of one commit never change.
    file: (path) => `/files/${moment.commit}/${path.split('/').map(encodeURIComponent).join('/')}`,
    original: (document, { download = false } = {}) =>
      `${options.originals}/${moment.commit}/${encodeURIComponent(document)}${download ? '?download' : ''}`,
    data: (name, query = {}) => `/api/${name}${parameters({ ...query, at: name === 'events' ? undefined : at })}`,
    writable: options.writable && !pinned,
    answers: options.answers,
  }
}

/** The path, parameters and anchor of a place, at a revision; undefined is now. */
export function addressOf(place: Place, at: string | undefined): string {
  const rev = place.at === null ? undefined : (place.at ?? at)
  const anchor = anchorOf(place)
  return `${pathOf(place)}${parameters({ ...queryOf(place), at: rev })}${anchor === undefined || anchor === '' ? '' : `#${anchor}`}`
}

function parameters(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`
}
