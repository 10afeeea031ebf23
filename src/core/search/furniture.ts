// What a page of the wiki has for finding one's way, not for reading: lists of links, the outline, counts.
import { COUNT_SENTENCE } from '../page/overview-mark.ts'

/** Sections of summaries and topics that are lists. */
const LISTS = new Set(['Outline', 'Concepts', 'Entities', 'Related', 'Source'])
const OUTLINE = '## Outline'
/** Only in these sections: an item is an item of a list that kbgit keeps, or the line below such a list. */
const OUTLINE_ITEM = /^\s*- /
const LINK_ITEM = /^\s*- (?:\w+: )?(?:\[\[|\[[^\]]*\]\()|^Also mentioned: |^- Note: /
/** A summary's line about its document: format, author, date, folder. */
const FACTS = /^[A-Z][\w ().+-]*(?:, \d+ pages?)?(?: · [^·\n]+)*$/
const TURN_PAGE = /^Continue(?:s on|d from) \[\[[^\]\n]*\]\]\.$/

/** The page's body without them. What a user wrote in such a section stays. */
export function withoutFurniture(body: string): string {
  const kept: string[] = []
  let list = ''
  let isIntro = true
  for (const line of body.split('\n')) {
    const [, mark, heading = ''] = /^(#{1,6}) (.*)$/.exec(line) ?? []
    if (mark === '#' || mark === '##') {
      list = mark === '##' && LISTS.has(heading.trim()) ? line : ''
      isIntro = mark === '#'
      if (list === '') kept.push(line)
    } else if (isIntro) {
      if (!COUNT_SENTENCE.test(line) && !TURN_PAGE.test(line) && !isFacts(line)) kept.push(line)
    } else if (list === '') kept.push(line)
    else if (line.trim() !== '' && !(list === OUTLINE ? OUTLINE_ITEM : LINK_ITEM).test(line)) {
      // Only with something else in it the section is one to find.
      if (!kept.includes(list)) kept.push(list)
      kept.push('', line)
    }
  }
  return kept.join('\n')
}

function isFacts(line: string): boolean {
  return line.length < 500 && line.includes(' · ') && FACTS.test(line)
}
