// Which git processes a command started, as git itself reports them.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The environment in which each git process leaves a file in `folder`, which is created. */
export function tracedInto(folder: string): Record<string, string> {
  mkdirSync(folder, { recursive: true })
  return { GIT_TRACE2_EVENT: folder }
}

/** The subcommand of each process, with its arguments; git's own options are left out. */
export function gitProcesses(folder: string): string[][] {
  return readdirSync(folder).map((name) => {
    const line = readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .find((event) => event.includes('"event":"start"'))
    const { argv } = JSON.parse(line ?? '{"argv":[]}') as { argv: string[] }
    const first = argv.findIndex((word, index) => index > 0 && !word.startsWith('-') && argv[index - 1] !== '-c')
    return argv.slice(first)
  })
}

/** How many groups were committed: each moves a branch once. */
export function groupsOf(processes: string[][]): number {
  return processes.filter(([command, ...words]) => command === 'update-ref' && words.some(isBranch)).length
}

function isBranch(word: string): boolean {
  return word.startsWith('refs/heads/')
}
