// How the site's search index is made and read: the same on both sides.
export const SITE_SEARCH = {
  fields: ['name', 'text'],
  storeFields: ['title', 'kind', 'where', 'address', 'passage', 'shown', 'of', 'whole'],
}

/** An entry of the index: a page of the wiki, or a piece of a document's text. */
export type SiteEntry = {
  /** What is searched. A piece of a text has no name: its document has it. */
  name: string
  text: string
  title: string
  kind: string
  where: string
  /** From the site's first page. */
  address: string
  /** What is shown: the beginning of a page, as HTML too if it has formulas or code; of a piece, all of it. */
  passage?: string
  shown?: string
  whole?: string
  /** Entries of the same are one hit. */
  of: string
}
