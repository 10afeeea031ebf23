// Two people who add different documents of one name, each in a clone.
import { expect } from 'vitest'
import type { DocumentRecord } from '../../src/core/document/document.ts'
import type { Clone, SharedBase } from './two-clones.ts'

export const [ADA, BOB, CAROL] = [1_760_000_100, 1_760_000_200, 1_760_000_300]
export const HARBOUR = 'The Old Harbour was built by Ada Lovelace, and the Spring Tide Company kept it.'
export const MAY = `# Minutes of May\n\nThe company met in May. ${HARBOUR}\n`
export const JUNE = `# Minutes of June\n\nThe company met in June. ${HARBOUR}\n`
export const JULY = `# Minutes of July\n\nThe company met in July. ${HARBOUR}\n`
export const link = (title: string): string => `# ${title}\n\n${HARBOUR} See [[minutes]] and [this](minutes.md).\n`

export const merge = async (into: Clone, from: Clone): Promise<void> => {
  into.git('pull', '-q', '--no-rebase', '--no-edit', from.root, 'HEAD')
}
export const record = (clone: Clone, name: string): DocumentRecord =>
  JSON.parse(clone.read(`documents/${name}.json`)) as DocumentRecord
export const sound = async (clone: Clone): Promise<void> => {
  expect(clone.git('status', '--porcelain')).toBe('')
  expect(await clone.problems()).toEqual([])
}
/** The clones with a document each of the same name, and with one that links it. */
export async function diverged(shared: SharedBase): Promise<[ada: Clone, bob: Clone]> {
  const ada = await shared.clone('ada', ADA)
  const bob = await shared.clone('bob', BOB)
  await ada.add(shared.files('of-ada', { 'minutes.md': MAY, 'of-may.md': link('Of May') }))
  await bob.add(shared.files('of-bob', { 'minutes.md': JUNE, 'of-june.md': link('Of June') }))
  return [ada, bob]
}
/** Both documents are there, each with its own original, text, sections and links to it. */
export function expectBoth(clone: Clone): void {
  expect(clone.documents).toEqual(['minutes', 'minutes-2', 'of-june', 'of-may'])
  for (const name of ['minutes', 'minutes-2']) {
    const { title, topics, displaced } = record(clone, name)
    const month = title.replace('Minutes of ', '')
    expect(displaced).toBeUndefined()
    expect(clone.read(`raw/${name}.md`)).toContain(`met in ${month}`)
    expect(clone.read(`wiki/sources/${name}.md`)).toContain(`met in ${month}`)
    expect(clone.read(`wiki/summaries/${name}.md`)).toContain(`document: ${name}`)
    expect(topics.length).toBeGreaterThan(0)
    for (const page of topics) expect(clone.read(page)).toContain(`## [[summaries/${name}|${title}]]`)
    expect(clone.read('wiki/contents/documents.md')).toContain(`[[summaries/${name}|${title}]]`)
    expect(clone.read('wiki/log.md')).toContain(`add: ${name} (${title})`)
    const text = clone.read(`wiki/sources/of-${month.toLowerCase()}.md`)
    expect(text).toContain(`See [[summaries/${name}|minutes]] and [[summaries/${name}|this]].`)
  }
}
