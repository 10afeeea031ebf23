// Questions as a person asks them, in other words than the documents', written from the documents alone.
import { existsSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { z } from 'zod'
import { documentName, type Corpus } from './corpora.ts'
import type { Query } from './queries.ts'

const QUESTIONS = z.object({
  questions: z.array(z.object({ question: z.string(), corpus: z.string(), expected: z.array(z.string()).min(1) })),
})

/** Those about the corpus. None if there is no such file. */
export function questionsAbout({ name, documents }: Corpus, file: string): Query[] {
  if (!existsSync(file)) return []
  const known = new Set(documents.map((document) => document.name))
  return QUESTIONS.parse(JSON.parse(readFileSync(file, 'utf8')))
    .questions.filter(({ corpus }) => corpus === name)
    .map(({ question, expected }) => {
      const names = expected.flatMap((each) => namesOf(each).filter((candidate) => known.has(candidate)))
      if (names.length === 0) throw new Error(`${file}: ${name} has no document for ${expected.join(', ')}.`)
      return { kind: 'natural question', expected: names, query: question }
    })
}

/** A document is named after its package or its file, and the format if others have the same name. */
function namesOf(expected: string): string[] {
  const file = basename(expected)
  const extension = extname(file)
  const stem = basename(file, extension)
  return [documentName(expected), `${stem}-${extension.slice(1)}`, stem]
}
