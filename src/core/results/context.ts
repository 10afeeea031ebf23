// What a program with a language model is given, and where each text of it is from.

/** Where a text comes from: `git show <commit>:<page>` has it. */
export type Origin = {
  /** The document that the text belongs to, by its name; absent if a page belongs to several. */
  document?: string | undefined
  /** Path of the file, relative to the base. */
  page: string
  /** Physical page of a long document, from 1. */
  pageNumber?: number | undefined
  commit: string
  /** SHA-256 of the file's bytes at the commit: `sha256:<hex>`. */
  digest: string
}

export type ContextBlock = Origin & {
  /** As the pack's text names it, from 1. */
  number: number
  /** `passage`: text of a document. `page`: of a page of the wiki. `node`: sections of a long document. */
  kind: 'passage' | 'page' | 'node'
  /** Titles of the enclosing sections, outermost first. */
  headings: string[]
  /** Estimated, with the block's frame. */
  tokens: number
  text: string
}

export type OmittedPlace = {
  document?: string | undefined
  page: string
  pageNumber?: number | undefined
  heading?: string | undefined
  tokens: number
}

export type ContextResult = {
  task: string
  /** The commit that was read. */
  at: string
  budget: number
  /** Of `text`, estimated to err towards too many; never more than `budget`. */
  tokens: number
  /** In the order of the text: the most relevant document first, each document from its beginning. */
  blocks: ContextBlock[]
  omitted: {
    /** Passages about the task that did not fit, and their tokens. */
    passages: number
    tokens: number
    /** Passages that say what the pack has already. */
    duplicates: number
    /** The best of those that did not fit. */
    places: OmittedPlace[]
  }
  /** The pack to paste into a prompt. Text of documents is between marks that no document can write. */
  text: string
}
