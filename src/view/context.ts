// What a page needs to know of where it is shown: the server and the static site each have their own.
import type { Place } from './places.ts'

export type ViewContext = {
  base: { name: string }
  /** The commit that is shown, and its date (ISO 8601). `pinned`: the address names it; otherwise it is the newest. */
  moment: { commit: string; date: string; pinned: boolean }
  /** `site`: written as files, without a server. */
  mode: 'live' | 'site'
  /** Where the page itself is. */
  place: Place
  /** The address of a place. At the same moment as this page, unless the place says otherwise. */
  link: (place: Place) => string
  /** The address of a file that comes with the viewer, e.g. `view.js`. */
  asset: (name: string) => string
  /** The address of a committed file that pages show, such as a picture; relative to the base. */
  file: (path: string) => string
  /** The address of a document's original; `download` asks the browser to save it. Undefined if there is none to show. */
  original: (document: string, options?: { download?: boolean }) => string | undefined
  /** The address of data for an island, e.g. `search` with its parameters. Undefined if there is none. */
  data: (name: string, query?: Record<string, string>) => string | undefined
  /** Whether people may write through this page. */
  writable: boolean
  /** Whether a model can answer questions. */
  answers: boolean
}
