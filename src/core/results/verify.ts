// What verifying a text returns.

/** A citation of the text. Without `quote`, only a page is named. */
export type CheckedCitation = {
  /** Path relative to the base; as the text names it, if there is no such page. */
  page: string
  document?: string | undefined
  pageNumber?: number | undefined
  /** Of several pages, such as `pages 3-5`. */
  lastPage?: number | undefined
  quote?: string | undefined
  /** Line of the text, from 1; absent for JSON. */
  line?: number | undefined
  holds: boolean
  /**
   * Why not. `otherPage`: the words are on another page of the document, see `foundOn`. `noHeading`: the page has no such
   * heading. `noSource`: nothing says what the mark in `page`, such as `[4]`, stands for.
   */
  reason?: 'noPage' | 'noQuote' | 'otherPage' | 'noHeading' | 'noSource'
  heading?: string | undefined
  foundOn?: number | undefined
  /** SHA-256 of the file's bytes at the commit: `sha256:<hex>`. */
  digest?: string
}

export type VerifyResult = {
  /** The commit that the text was compared with. */
  at: string
  /** Every citation holds, and there is at least one. */
  ok: boolean
  checked: number
  held: number
  citations: CheckedCitation[]
}
