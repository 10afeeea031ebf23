// The corpora with their bases and queries.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Kb } from '../../../src/index.ts'
import { seeded } from '../../support/notes.ts'
import { baseOf, baseOfFolder, documentsIn } from './bases.ts'
import { isHeldOut, manuals, notes, readmes, type Document } from './corpora.ts'
import { queriesFrom, type Query } from './queries.ts'
import { questionsAbout } from './questions.ts'

export type Subject = { name: string; kb: Kb; documents: Document[]; queries: Query[] }

/** `shared`: a folder of documents with `notes/`. `questions`: a file; `kept`: where bases are. */
export type Choice = { shared: string; heldOut: boolean; seed: number; questions: string; kept: string }

const MODULES = join(import.meta.dirname, '../../../node_modules')
const MANUALS = '/usr/share/man'

export const SUBJECTS = ['notes', 'readmes', 'manuals', 'german', 'shared'] as const

/** Undefined if this machine has no such documents. */
export async function subject(name: (typeof SUBJECTS)[number], choice: Choice): Promise<Subject | undefined> {
  if (name === 'shared') {
    if (!existsSync(choice.shared)) return undefined
    const kb = await baseOfFolder(choice.kept, name, choice.shared)
    const documents = documentsIn(kb.root)
    return { name, kb, documents, queries: questionsAbout({ name, documents }, choice.questions) }
  }
  const documents = documentsOf(name, choice)
  if (documents.length === 0) return undefined
  const chosen = documents.filter((document) => isHeldOut(document) === choice.heldOut)
  const queries = queriesFrom(chosen, documents, seeded(choice.seed))
  const questions = questionsAbout({ name, documents }, choice.questions)
  return { name, kb: await baseOf(choice.kept, name, documents), documents, queries: [...queries, ...questions] }
}

function documentsOf(name: Exclude<(typeof SUBJECTS)[number], 'shared'>, { shared }: Choice): Document[] {
  switch (name) {
    case 'notes':
      return notes(join(shared, 'notes'))
    case 'readmes':
      return readmes(MODULES)
    case 'manuals':
      return manuals([join(MANUALS, 'man1')])
    case 'german':
      return manuals([1, 5, 7, 8].map((section) => join(MANUALS, `de/man${section}`)))
  }
}
