// What a person decides about a review, with `--write`.
import { KbError } from '../../core/errors.ts'
import { fields, type WriteRoute } from './write-api.ts'

const NAMES_MAX = 10_000

export const REVIEW_WRITES: readonly WriteRoute[] = [
  {
    path: 'review-accept',
    run: async (c, { source, signal }) => {
      // As JSON text: all of it without names.
      const { number, documents } = await fields(c, 'number', 'documents')
      return source.kb.reviews.accept(numberIn(number), { documents: namesIn(documents), signal })
    },
  },
  {
    path: 'review-reject',
    run: async (c, { source }) => {
      const { number, reason } = await fields(c, 'number', 'reason')
      if (reason.trim() === '') throw new KbError('usage', 'Rejecting needs a reason: it is recorded.')
      return source.kb.reviews.reject(numberIn(number), reason.trim())
    },
  },
]

function numberIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new KbError('usage', 'This is not the number of a review.')
  return Number(text)
}

function namesIn(text: string): string[] | undefined {
  if (text === '') return undefined
  let names: unknown
  try {
    names = JSON.parse(text)
  } catch {
    names = undefined
  }
  if (!Array.isArray(names) || names.length === 0 || names.length > NAMES_MAX)
    throw new KbError('usage', 'These are not names of documents.')
  return names.map(String)
}
