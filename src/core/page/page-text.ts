// A page as bytes: split into front matter, introduction and sections, and edited by splicing. Untouched parts keep
// every byte, so a person's own words and spacing survive each edit. (`parsePage` reads; this writes.)
import { renderFrontMatter } from './page.ts'

export type CutSection = {
  /** The heading's text, without `## `. */
  heading: string
  /** From the heading line up to the next section, including line ends. */
  text: string
}

/** `front + intro + sections[].text` is the page's text. */
export type CutPage = { front: string; intro: string; sections: CutSection[] }

const FRONT = /^\uFEFF?---\r?\n(?:[\s\S]*?\r?\n)?---[ \t]*(?:\r?\n|$)/

export function cutPage(text: string): CutPage {
  const front = FRONT.exec(text)?.[0] ?? ''
  const starts = sectionStarts(text, front.length)
  return {
    front,
    intro: text.slice(front.length, starts[0] ?? text.length),
    sections: starts.map((start, index) => {
      const section = text.slice(start, starts[index + 1] ?? text.length)
      const lineEnd = section.indexOf('\n')
      return { heading: section.slice(3, lineEnd === -1 ? undefined : lineEnd).trim(), text: section }
    }),
  }
}

export function joinPage(page: CutPage): string {
  return page.front + page.intro + page.sections.map((section) => section.text).join('')
}

/** Offsets of the lines that begin with `## ` outside code fences. */
function sectionStarts(text: string, from: number): number[] {
  const starts: number[] = []
  let fence: string | undefined
  const marks = /^(?:## | {0,3}(`{3,}|~{3,})(.*))/gm
  marks.lastIndex = from
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    const mark = match[1]
    if (mark === undefined) {
      if (fence === undefined) starts.push(match.index)
    } else if (fence === undefined) fence = mark
    else if (mark.startsWith(fence) && (match[2] ?? '').trim() === '') fence = undefined
  }
  return starts
}

/** A section's text as kbgit writes it: heading, blank line, body, blank line. */
export function sectionText(heading: string, body: string): CutSection {
  return { heading, text: body === '' ? `## ${heading}\n\n` : `## ${heading}\n\n${body}\n\n` }
}

/** Appends a section, one blank line after what is there. */
export function appendSection(page: CutPage, section: CutSection): CutPage {
  const before = page.sections.at(-1)
  const text = section.text.replace(/\s*$/, '\n')
  if (before === undefined) return { ...page, intro: withBlankLine(page.intro), sections: [{ ...section, text }] }
  return {
    ...page,
    sections: [...page.sections.slice(0, -1), { ...before, text: withBlankLine(before.text) }, { ...section, text }],
  }
}

/** Replaces the section at `at`, keeping the blank lines after it. */
export function replaceSection(page: CutPage, index: number, section: CutSection): CutPage {
  const old = page.sections[index]
  if (old === undefined) return page
  const space = /\s*$/.exec(old.text)?.[0] ?? '\n'
  const text = section.text.replace(/\s*$/, '') + (space === '' ? '\n' : space)
  return { ...page, sections: page.sections.with(index, { ...section, text }) }
}

/** Removes the section at `at`; a page whose last section is removed ends in one newline. */
export function dropSection(page: CutPage, index: number): CutPage {
  const sections = page.sections.toSpliced(index, 1)
  if (index !== sections.length) return { ...page, sections }
  const last = sections.at(-1)
  if (last === undefined) return { ...page, intro: page.intro.replace(/\s*$/, '\n'), sections }
  return { ...page, sections: sections.with(sections.length - 1, { ...last, text: last.text.replace(/\s*$/, '\n') }) }
}

function withBlankLine(text: string): string {
  if (text === '' || text.endsWith('\n\n') || text.endsWith('\n\r\n')) return text
  return text.endsWith('\n') ? `${text}\n` : `${text}\n\n`
}

/** Sets front matter keys line by line (undefined removes a key); all other lines stay unchanged. */
export function setFront(front: string, changes: Record<string, unknown>): string {
  const match = /^(\uFEFF?---\r?\n)([\s\S]*?)(---[ \t]*(?:\r?\n|$))$/.exec(front)
  if (match === null) return renderFrontMatter(changes)
  const [, open = '', body = '', close = ''] = match
  const lines = body.split(/(?<=\n)/)
  for (const [key, value] of Object.entries(changes)) {
    const rendered = value === undefined ? '' : renderFrontMatter({ [key]: value }).slice(4, -5)
    const start = lines.findIndex((line) => line.startsWith(`${key}:`))
    if (start === -1) {
      if (rendered !== '') lines.push(rendered)
      continue
    }
    let end = start + 1
    // A value may continue on indented lines and list items.
    while (end < lines.length && /^(?:[ \t]|- |-\r?\n)/.test(lines[end] ?? '')) end++
    lines.splice(start, end - start, ...(rendered === '' ? [] : [rendered]))
  }
  return open + lines.join('') + close
}
