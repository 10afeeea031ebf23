// A topic of one document, and what its analysis knows of the sentences that may speak of it.
import type { Part, Spoken } from './evidence.ts'
import type { Terms } from './salience.ts'
import type { Sentence } from './sentences.ts'

export type Topic = {
  kind: 'concept' | 'entity'
  key: string
  name: string
  aliases: string[]
  variants?: string[] | undefined
  type?: string | undefined
  weight: number
  frequency: number
  /** Indexes of the sentences that mention it. */
  sentences: number[]
  isAuthor?: boolean
  /** The document's title has it as a phrase of its own. */
  isTitled?: boolean
  /** What to say of it if no sentence does. */
  says?: string | undefined
}

/** A sentence, by its index, as what is said of a topic. */
export type Ranked = { at: number; value: number; part: Part }

/** What the analysis knows of a document's sentences: parallel lists. */
export type Sentences = { sentences: Sentence[]; spoken: Spoken[]; terms: Terms[]; scores: number[] }
