// The healthy base that every case starts from: made once, by kbgit, and copied.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { initKb, openKb } from '../../src/index.ts'
import { docx, png } from '../support/documents.ts'
import { pdf } from '../support/pdf.ts'
import { gitIn } from '../support/repository.ts'

export type Template = {
  /** The repository's work tree. */
  repository: string
  /** The base's folder in it: '' or a folder with its slash. */
  prefix: string
  /** Of the base at HEAD, relative to the base. */
  files: string[]
}

const QUESTION = 'Who reads the tide gauge?'
const CONFIG = 'version: 1\ndurability: process\npageindex_threshold: 2\nfile_processing_jobs: 1\nlock_wait: 1s\n'

const PICTURE =
  '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="p" descr="A buoy"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:embed="rA"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'

/** Three documents, one of them long with a tree and an image, a saved answer and a chat. */
export async function makeTemplate(folder: string, prefix: string, env: NodeJS.ProcessEnv): Promise<Template> {
  const repository = join(folder, prefix === '' ? 'whole' : 'inside')
  const root = join(repository, prefix)
  const inputs = writeInputs(join(folder, 'inputs'))
  await initKb({ dir: repository, env, hooks: false })
  if (prefix !== '') await moveInside(repository, root, env)
  writeFileSync(join(root, 'kbgit.yaml'), CONFIG)
  gitIn(repository, ['add', '-A'])
  gitIn(repository, ['commit', '-qm', 'Configure'])
  await using kb = await openKb({ dir: root, env })
  const { failed, stopped } = await kb.add(inputs)
  if (failed.length > 0 || stopped !== undefined) throw new Error(JSON.stringify({ failed, stopped }))
  await kb.query(QUESTION, { save: true })
  await (await kb.chat.start()).ask(QUESTION)
  const { problems } = await kb.fsck()
  if (problems.length > 0) throw new Error(`The base is not healthy: ${JSON.stringify(problems)}`)
  const files = gitIn(root, ['ls-files', '-z'])
    .split('\0')
    .filter((path) => path !== '')
  // Fewer files to copy per case.
  gitIn(repository, ['gc', '-q'])
  return { repository, prefix, files }
}

/** Turns a repository that is a base into one with other files, whose folder `prefix` is the base. */
async function moveInside(repository: string, root: string, env: NodeJS.ProcessEnv): Promise<void> {
  gitIn(repository, ['rm', '-rqf', '.'])
  writeFileSync(join(repository, 'other.txt'), 'This file is none of kbgit.\n')
  gitIn(repository, ['add', '-A'])
  gitIn(repository, ['commit', '-qm', 'Start over'])
  mkdirSync(root, { recursive: true })
  await initKb({ dir: root, env, hooks: false })
}

function writeInputs(folder: string): string[] {
  mkdirSync(folder, { recursive: true })
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const line = (text: string, y: number, size = 11): { text: string; y: number; size: number } => ({ text, y, size })
  const page = (title: string, about: string): { lines: { text: string; y: number; size: number }[] } => ({
    lines: [
      line(title, 72, 20),
      line(`${about} The Harbour Office of Port Ellen reads the tide gauge each morning.`, 110),
      line('Alice Brown writes the height of the spring tide into the ledger.', 126),
    ],
  })
  const pages = ['Gauges', 'Ledgers', 'Storms'].map((title, index) =>
    page(title, `Chapter ${index + 1} is about ${title.toLowerCase()}.`),
  )
  const buoy = 'A buoy marks the channel. Alice Brown of the Harbour Office paints it after the spring tide.'
  return [
    write(
      'handbook.pdf',
      pdf(pages, {
        title: 'Handbook',
        outline: pages.map((_, index) => ({ title: `Part ${index + 1}`, page: index })),
      }),
    ),
    write(
      'tide.md',
      '# Tide\n\nThe spring tide in Port Ellen, said Alice Brown, reaches the tide gauge of the Harbour Office.\n',
    ),
    write(
      'buoy.docx',
      docx(`<w:p><w:r><w:t>${buoy}</w:t></w:r></w:p>${PICTURE}`, {
        links: [{ id: 'rA', type: 'image', target: 'media/p.png' }],
        members: [{ name: 'word/media/p.png', content: png() }],
      }),
    ),
  ]
}
