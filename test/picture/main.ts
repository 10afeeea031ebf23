// Runs the session of the README, writes its output into the README, and draws docs/images/: `npm run picture`.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pagePicture } from './page.ts'
import { runSession, sessionIn, VARYING, withSession, type Step } from './session.ts'
import { terminalPicture } from './terminal.ts'

const project = fileURLToPath(new URL('../../', import.meta.url))
const HOME = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-picture-')))
/** The page that is drawn. */
const PAGE = 'concepts/Spring-tide.md'
/** Folders of the wiki, in the order of the picture. */
const FOLDERS = ['', 'concepts', 'entities', 'summaries', 'sources']

const readme = join(project, 'README.md')
const text = readFileSync(readme, 'utf8')
const before = sessionIn(text)
const steps = runSession(
  before.map(({ command }) => command),
  HOME,
).map((step, i) => keepVarying(step, before[i]))

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

/**
 * Keeps the commit ids and times of the README: they depend on the machine and on which documents were ready together.
 * So a new picture shows only what kbgit does differently.
 */
function keepVarying({ command, output }: Step, known: Step | undefined): Step {
  const kept = (known?.output.match(VARYING) ?? []).values()
  return { command, output: output.replaceAll(VARYING, (text) => kept.next().value ?? text) }
}
