// npm run demo: adds the documents of this repository to a base in a new folder, which is left for you to explore.
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const kbgit = join(project, 'bin', 'kbgit.js')
const base = mkdtempSync(join(tmpdir(), 'kbgit-demo-'))

/** Shows a command and its output; the demo ends if one fails. */
function run(shown: string, program: string, ...args: string[]): string {
  process.stdout.write(`\n$ ${shown}\n`)
  const { status, stdout } = spawnSync(program, args, {
    cwd: base,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.stdout.write(stdout)
  if (status !== 0) throw new Error(`${shown} ended with ${status}`)
  return stdout
}

const kb = (shown: string, ...args: string[]): string => run(`kbgit ${shown}`, process.execPath, kbgit, ...args)

kb('init', 'init')
kb(
  'add README.md ARCHITECTURE.md docs',
  'add',
  join(project, 'README.md'),
  join(project, 'ARCHITECTURE.md'),
  join(project, 'docs'),
)
run('git log --oneline', 'git', 'log', '--oneline')
kb('list', 'list')
kb('show wiki/summaries/README.md', 'show', 'wiki/summaries/README.md')
kb('search "power cut"', 'search', '-n', '3', 'power cut')
kb('fsck', 'fsck')
run('git status --short   # nothing: everything is committed', 'git', 'status', '--short')
process.stdout.write(
  `\nThe base is in ${base}: open its wiki/ folder in Obsidian or an editor, or browse it with git.\n`,
)
