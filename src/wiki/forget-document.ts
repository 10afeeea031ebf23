// What pages without document sections lose when a document is removed: saved answers, reports, and pages that a person
// wrote.
import type { DocumentRecord } from '../core/document/document.ts'
import { linkTarget } from '../core/layout.ts'
import { cutPage, joinPage, sectionText } from '../core/page/page-text.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import { replaceList } from './summary-lists.ts'

const GONE = 'A removed document.'

/**
 * A page that links to files of a document: a saved answer loses what it took from the document, any other page only
 * the links.
 */
export function forgetDocument(text: string, record: Pick<DocumentRecord, 'summary' | 'source'>): string {
  const targets = [record.summary, record.source].map(linkTarget)
  switch (splitFrontMatter(text).front['type']) {
    case 'exploration':
      return forgetIn(text, targets)
    case 'summary':
      return unlink(withoutRelated(text, targets), targets)
    default:
      return unlink(text, targets)
  }
}

/** Another document's summary without the line on which this one is related to it. */
function withoutRelated(text: string, targets: string[]): string {
  const related = cutPage(text).sections.find(({ heading }) => heading === 'Related')
  const lines = related?.text.split('\n').filter((line) => line.startsWith('- ')) ?? []
  const left = lines.filter((line) => !targets.some((target) => line.startsWith(`- [[${target}|`)))
  return left.length === lines.length ? text : replaceList(text, 'Related', left)
}

/** The numbers of the other sources do not change, so the line of a removed source stays, without its words. */
function forgetIn(text: string, targets: string[]): string {
  const page = cutPage(text)
  const numbers: number[] = []
  const sections = page.sections.map((section) => {
    if (section.heading !== 'Sources') return { ...section, text: dropBlocks(section.text, targets, numbers) }
    const lines = section.text.split('\n').slice(1)
    const sources = lines.filter((line) => line.startsWith('- '))
    const kept = sources.map((line, i) => {
      if (!linksTo(line, targets)) return line
      numbers.push(i + 1)
      return `- ${GONE}`
    })
    return sectionText(section.heading, kept.join('\n'))
  })
  const last = sections.at(-1)
  if (last !== undefined) sections.splice(-1, 1, { ...last, text: `${last.text.trimEnd()}\n` })
  return joinPage({ ...page, intro: dropBlocks(page.intro, targets, numbers), sections })
}

/** Without the list items and sentences that cite one of the numbers, or link to one of the targets. */
function dropBlocks(text: string, targets: string[], numbers: number[]): string {
  const isOf = (part: string): boolean => numbers.some((n) => part.includes(`[${n}]`)) || linksTo(part, targets)
  return text
    .split('\n')
    .flatMap((line) => {
      if (!isOf(line)) return [line]
      if (/^\s*(?:[-*>]|\d+\.)\s/.test(line)) return []
      const left = line.split(/(?<=[.!?\])])\s+(?!\[\d)/).filter((sentence) => !isOf(sentence))
      return left.length === 0 ? [] : [left.join(' ')]
    })
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
}

function linksTo(text: string, targets: string[]): boolean {
  return targets.some((target) => new RegExp(`\\[\\[${escapeRegExp(target)}(?:[#|\\]])`).test(text))
}

function unlink(text: string, targets: string[]): string {
  const name = targets.map(escapeRegExp).join('|')
  const link = new RegExp(`!?\\[\\[(${name})(?:#[^[\\]|\\n]*)?(?:\\|([^[\\]\\n]*))?\\]\\]`, 'g')
  return text.replace(link, (_, target: string, shown: string | undefined) => {
    return shown ?? target.slice(target.lastIndexOf('/') + 1)
  })
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
