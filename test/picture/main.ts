// Runs the session of the README, writes its output into the README, and draws docs/images/: `npm run picture`.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pagePicture } from './page.ts'
import { plain, runSession, sessionIn, withSession, type Step } from './session.ts'
import { terminalPicture } from './terminal.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
/** Always the same folder: a document's commit contains the path that it came from. */
const HOME = '/tmp/kbgit-picture'
const PAGE = 'concepts/spring-tide.md'
/** Folders of the wiki, in the order that a reader wants. */
const FOLDERS = ['', 'concepts', 'entities', 'summaries', 'sources']
const ELAPSED = /in \d+(?:\.\d+)? s\b/

const readme = join(project, 'README.md')
const text = readFileSync(readme, 'utf8')
const before = sessionIn(text)
rmSync(HOME, { recursive: true, force: true })
const steps = runSession(
  before.map(({ command }) => command),
  HOME,
).map(keepElapsed)

const wiki = join(HOME, 'notes', 'wiki')
const files = FOLDERS.flatMap((folder) =>
  readdirSync(join(wiki, folder))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => (folder === '' ? name : `${folder}/${name}`)),
)
const images = join(project, 'docs', 'images')
mkdirSync(images, { recursive: true })
writeFileSync(join(images, 'terminal.svg'), terminalPicture(steps))
writeFileSync(join(images, 'page.svg'), pagePicture(readFileSync(join(wiki, PAGE), 'utf8'), PAGE, files))
writeFileSync(readme, withSession(text, steps))
rmSync(HOME, { recursive: true, force: true })

/** Keeps the time that the README has, so that a run changes only what kbgit does differently. */
function keepElapsed({ command, output }: Step, i: number): Step {
  const known = ELAPSED.exec(plain(before[i]?.output ?? ''))?.[0]
  return { command, output: known === undefined ? output : output.replace(ELAPSED, known) }
}
