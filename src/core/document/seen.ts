// What a model saw on the pictures of a document: text that is as untrusted as the document.

export type SeenPicture = {
  /** Of the picture's bytes. */
  sha256: string
  /** What it shows; '' for a decoration. */
  description: string
  /** Markdown of the text on it; may be ''. */
  text: string
}

/** `page`: physical, from 1. */
export type SeenPage = { page: number; description: string; text: string }

export type Seen = { pictures: SeenPicture[]; pages: SeenPage[] }
