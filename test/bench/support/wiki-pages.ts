// The pages of a wiki on disk, read for measuring.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { headingTarget, parsePage, type Page } from '../../../src/core/page/page.ts'

export type WikiPage = Page & { path: string; target: string; text: string; title: string }

export class WikiPages {
  readonly topics: WikiPage[]
  readonly summaries: WikiPage[]

  constructor(base: string) {
    this.topics = [...read(base, 'concepts'), ...read(base, 'entities')].filter(
      ({ front }) => front['part'] === undefined,
    )
    this.summaries = read(base, 'summaries')
  }
}

/** Names of the documents that have a section on the page. */
export function sourcesOf(page: WikiPage): string[] {
  return page.sections.flatMap(({ heading }) => {
    const target = headingTarget(heading)
    return target?.startsWith('summaries/') === true ? [target.slice(target.lastIndexOf('/') + 1)] : []
  })
}

export function namesOf({ title, front }: WikiPage): string[] {
  const aliases: unknown[] = Array.isArray(front['aliases']) ? front['aliases'] : []
  return [title, ...aliases.filter((alias) => typeof alias === 'string')]
}

function read(base: string, folder: string): WikiPage[] {
  const root = join(base, 'wiki', folder)
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      const page = parsePage(text)
      const path = `wiki/${folder}/${file}`
      const target = `${folder}/${file.slice(0, -3)}`
      return { ...page, path, target, text, title: String(page.front['title'] ?? '') }
    })
}
