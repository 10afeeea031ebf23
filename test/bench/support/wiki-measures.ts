// What can be counted on a wiki without a judge: recall of a list of concepts, twins, links, repetitions.
import { stemmer } from '@orama/stemmers/english'
import { namesOf, sourcesOf, type WikiPage, type WikiPages } from './wiki-pages.ts'

export type RecallList = { documents: Record<string, string[][]> }

export type Recall = { page: number; mention: number; missing: string[] }

/** Each concept of the list has a page with a section of its document, is mentioned in its summary, or is nowhere. */
export function recallOf({ topics, summaries }: WikiPages, list: RecallList): Recall {
  const recall: Recall = { page: 0, mention: 0, missing: [] }
  for (const [document, concepts] of Object.entries(list.documents)) {
    const pages = topics.filter((page) => sourcesOf(page).includes(document))
    const keys = new Set(pages.flatMap(namesOf).map(stemmed))
    const summary = stemmed(summaries.find(({ front }) => front['document'] === document)?.text ?? '')
    for (const names of concepts) {
      if (names.some((name) => keys.has(stemmed(name)))) recall.page++
      else {
        recall.missing.push(`${document}: ${names[0]}`)
        if (names.some((name) => ` ${summary} `.includes(` ${stemmed(name)} `))) recall.mention++
      }
    }
  }
  return recall
}

/** Pairs of pages of one kind or two whose names differ only in inflection, case, hyphens and spaces. */
export function inflectionTwins(topics: WikiPage[], fold: (name: string) => string = stemmed): [string, string][] {
  const seen = new Map<string, string>()
  const twins: [string, string][] = []
  for (const page of topics) {
    const key = fold(page.title).replaceAll(' ', '')
    const other = seen.get(key)
    if (other === undefined) seen.set(key, page.title)
    else twins.push([other, page.title])
  }
  return twins
}

export function stemmed(text: string): string {
  return text
    .toLowerCase()
    .replace(/['’]s\b/g, '')
    .split(/[^\p{L}\p{M}\p{N}+#]+/u)
    .filter((word) => word !== '')
    .map((word) => stemmer(word))
    .join(' ')
}

/** Sections whose document's summary does not link the page; mentions in plain text of a topic that has a page. */
export function linkFaults({ topics, summaries }: WikiPages): {
  sections: number
  unlinked: string[]
  mentions: number
  plain: string[]
} {
  const pageOf = new Map(topics.flatMap((page) => namesOf(page).map((name) => [stemmed(name), page])))
  const byName = new Map(summaries.map((page) => [page.target.slice(page.target.lastIndexOf('/') + 1), page]))
  let sections = 0
  const unlinked: string[] = []
  for (const page of topics) {
    for (const source of sourcesOf(page)) {
      sections++
      if (byName.get(source)?.text.includes(`[[${page.target}|`) !== true) unlinked.push(`${source}: ${page.title}`)
    }
  }
  let mentions = 0
  const plain: string[] = []
  for (const summary of summaries) {
    const line = /^Also mentioned: (.*)\.$/m.exec(summary.text)?.[1]
    for (const name of line?.split(', ') ?? []) {
      mentions++
      if (!name.includes('[[') && pageOf.has(stemmed(name))) plain.push(`${summary.title}: ${name}`)
    }
  }
  return { sections, unlinked, mentions, plain }
}

/** Sentences that stand twice on one page, and sentences of one document that stand on several topic pages. */
export function repetitions({ topics, summaries }: WikiPages): { onPage: string[]; onPages: string[] } {
  const onPage: string[] = []
  const pagesOf = new Map<string, Set<string>>()
  for (const page of [...topics, ...summaries]) {
    const seen = new Set<string>()
    for (const sentence of sentencesOf(page)) {
      if (seen.has(sentence)) onPage.push(`${page.path}: ${sentence.slice(0, 80)}`)
      seen.add(sentence)
    }
  }
  for (const page of topics) {
    for (const { heading, body } of page.sections) {
      for (const sentence of new Set(plainSentences(body))) {
        const key = `${heading}\n${sentence}`
        pagesOf.set(key, (pagesOf.get(key) ?? new Set()).add(page.path))
      }
    }
  }
  const onPages = [...pagesOf].filter(([, pages]) => pages.size > 1).map(([key]) => key.replace('\n', ': '))
  return { onPage, onPages }
}

function sentencesOf({ intro, sections }: WikiPage): string[] {
  return [intro, ...sections.map(({ body }) => body)].flatMap(plainSentences)
}

/** Sentences of at least 30 characters, without links, places and signs. */
function plainSentences(markdown: string): string[] {
  return markdown
    .replace(/\s*\(\[\[[^\]]*\]\]\)|\s*\((?:page|pages) [\d–-]+\)|\s*\(in “[^”]*”\)/g, '')
    .replace(/\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.replace(/^\s*(?:[-*>]|\d+\.)\s+/, '').split(/(?<=[.!?。！？])\s+(?=\p{Lu}|`)/u))
    .map((sentence) =>
      sentence
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ' ')
        .trim(),
    )
    .filter((sentence) => sentence.length >= 30)
}
