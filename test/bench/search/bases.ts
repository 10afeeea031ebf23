// A base for each corpus, made by kbgit and kept between runs under a name that its documents give it.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { splitFrontMatter } from '../../../src/core/page/page.ts'
import { initKb, openKb, type Kb } from '../../../src/index.ts'
import { GIT_IDENTITY } from '../../support/git-identity.ts'
import type { Document } from './corpora.ts'

const ENVIRONMENT = { ...process.env, ...GIT_IDENTITY }

/** Opens the base of these documents; the first time it is made, which takes some seconds. */
export async function baseOf(kept: string, name: string, documents: Document[]): Promise<Kb> {
  const digest = createHash('sha256').update(JSON.stringify(documents)).digest('hex').slice(0, 12)
  return openBase(join(kept, `search-${name}-${digest}`), async (making) => {
    const folder = join(making, '.documents')
    mkdirSync(folder)
    // A document's title is part of its text where it has a heading, and else its name.
    for (const { name, title, text } of documents)
      writeFileSync(join(folder, `${name}.md`), /^# /m.test(text) ? text : `# ${title}\n\n${text}`)
    return folder
  })
}

/** Opens the base of a folder of documents of any format. */
export async function baseOfFolder(kept: string, name: string, folder: string): Promise<Kb> {
  return openBase(join(kept, `search-${name}`), async () => folder)
}

async function openBase(dir: string, documents: (making: string) => Promise<string>): Promise<Kb> {
  if (!existsSync(dir)) {
    const making = `${dir}.new`
    rmSync(making, { recursive: true, force: true })
    mkdirSync(making, { recursive: true })
    await initKb({ dir: making, env: ENVIRONMENT, hooks: false })
    const folder = await documents(making)
    {
      await using kb = await openKb({ dir: making, env: ENVIRONMENT, held: true })
      await kb.add([folder])
    }
    renameSync(making, dir)
  }
  return openKb({ dir, env: ENVIRONMENT, held: true })
}

/** The documents of a base as engines that read no PDF get them: title and text. */
export function documentsIn(root: string): Document[] {
  const summaries = join(root, 'wiki/summaries')
  const files = readdirSync(summaries, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
  return files.sort().flatMap((file) => {
    const { front } = splitFrontMatter(readFileSync(join(summaries, file), 'utf8'))
    const text = join(root, 'wiki/sources', file)
    const pages = text.replace(/\.md$/, '.json')
    if (!existsSync(text) && !existsSync(pages)) return []
    return [
      {
        name: basename(file, '.md'),
        title: String(front['title'] ?? ''),
        text: existsSync(text) ? readFileSync(text, 'utf8') : pagesText(readFileSync(pages, 'utf8')),
      },
    ]
  })
}

function pagesText(json: string): string {
  return (JSON.parse(json) as { content: string }[]).map(({ content }) => content).join('\n\n')
}
