// `kbgit blame`: which document, model and commit each line of a page came from.
import type { AtRevision } from '../core/options.ts'
import { readMessage } from '../core/transaction/commit-message.ts'
import { KbError } from '../core/errors.ts'
import { headingTarget } from '../core/page/page.ts'
import type { BlameLine, BlameResult } from '../core/results.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { pageNamed } from './find-page.ts'

/** Lines from 1. `page` is named as for `show`. */
export async function blame(base: BaseReader, page: string, options: AtRevision = {}): Promise<BlameResult> {
  const at = await commitAt(base, options)
  const path = await pageNamed(base, at, page)
  const origins = await base.history.blame(at, path)
  const commits = new Map<string, Omit<BlameLine, 'line' | 'text'>>()
  for await (const { oid, date, author, message } of base.history.commitsNamed([
    ...new Set(origins.map(({ commit }) => commit)),
  ])) {
    const {
      operation,
      documents: [document],
      model,
    } = readMessage(message)
    commits.set(oid, {
      commit: oid,
      operation,
      document,
      model,
      date,
      author,
    })
  }
  const sections = sectionDocuments(origins.map(({ text }) => text))
  return {
    page: path,
    lines: origins.map(({ commit, text }, index) => {
      const origin = commits.get(commit)
      if (origin === undefined)
        throw new KbError('gitFailed', `The commit ${commit}, which wrote a line of ${path}, cannot be read.`)
      const document = sections[index]
      return { line: index + 1, text, ...origin, ...(document === undefined ? {} : { document }) }
    }),
  }
}

/**
 * The document whose section of a topic page contains each line. This is more precise than the commit: adding one
 * document can add the section of another, and an overview's commit names no document.
 */
function sectionDocuments(lines: string[]): (string | undefined)[] {
  let document: string | undefined
  return lines.map((line) => {
    if (line.startsWith('## ')) {
      const target = headingTarget(line.slice(3).trim())
      document = target?.startsWith('summaries/') === true ? target.slice(target.lastIndexOf('/') + 1) : undefined
    }
    return document
  })
}
