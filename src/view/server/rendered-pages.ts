// Pages that were rendered: each once for a commit.
import { createHash } from 'node:crypto'

/** Characters of all pages that are kept. */
const KEPT_CHARS_MAX = 16 * 1024 ** 2

export type RenderedPage = { body: string; tag: string }

export class RenderedPages {
  readonly #pages = new Map<string, RenderedPage>()
  #chars = 0

  /** `key` names the commit and the address. `tag`: for `ETag`. */
  async get(key: string, version: string, render: () => Promise<string>): Promise<RenderedPage> {
    const known = this.#pages.get(key)
    if (known !== undefined) {
      this.#pages.delete(key)
      this.#pages.set(key, known)
      return known
    }
    const body = await render()
    const hash = createHash('sha256').update(`${version}\0`).update(body).digest('base64url').slice(0, 22)
    const page = { body, tag: `"${hash}"` }
    this.#pages.set(key, page)
    this.#chars += body.length
    for (const [oldest, { body: old }] of this.#pages) {
      if (this.#chars <= KEPT_CHARS_MAX || oldest === key) break
      this.#pages.delete(oldest)
      this.#chars -= old.length
    }
    return page
  }
}
