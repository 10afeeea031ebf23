// The session that the README shows: its commands, run for real in a home folder of their own.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KBGIT } from '../support/command.ts'
import { GIT_IDENTITY } from '../support/git-identity.ts'

const PROJECT = fileURLToPath(new URL('../../', import.meta.url))
/** The home folder that readers see. */
const SHOWN_HOME = '/home/ada'
/** Commit ids and times: what differs from run to run. */
// oxlint-disable-next-line no-control-regex
export const VARYING = /(?<=\x1b\[\d*m|\b)[\da-f]{7,40}\b|\bin \d+(?:\.\d+)? s\b/g
const BLOCK = /^```console\n([^]*?)^```$/m

/** A command and its output, which may contain colours. */
export type Step = { command: string; output: string }

/** The session as the README shows it. */
export function sessionIn(readme: string): Step[] {
  const text = BLOCK.exec(readme)?.[1] ?? ''
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf('\n')
      return { command: step.slice(0, end), output: step.slice(end + 1) }
    })
}

/** The README with another session in place of its own. */
export function withSession(readme: string, steps: readonly Step[]): string {
  const text = steps.map(({ command, output }) => `$ ${command}\n${plain(output)}`).join('')
  return readme.replace(BLOCK, () => `\`\`\`console\n${text}\`\`\``)
}

/** Text without colours. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\x1b\[\d*m/g, '')
}

/**
 * Runs commands one after the other, as in one shell, and returns them with their output in colour. Throws if a command
 * fails. @param home an empty folder
 */
export function runSession(commands: readonly string[], home: string): Step[] {
  const bin = join(home, '.bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'kbgit'), `#!/bin/sh\nexec '${process.execPath}' '${KBGIT}' "$@"\n`)
  chmodSync(join(bin, 'kbgit'), 0o755)
  cpSync(join(PROJECT, 'examples'), join(home, 'kbgit', 'examples'), { recursive: true })
  let cwd = home
  return commands.map((command) => {
    const env = {
      ...GIT_IDENTITY,
      PATH: [bin, process.env['PATH']].join(delimiter),
      HOME: home,
      LC_ALL: 'C.UTF-8',
      SOURCE_DATE_EPOCH: '1795370400',
      FORCE_COLOR: '1',
      GIT_PAGER: 'cat',
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'color.ui',
      GIT_CONFIG_VALUE_0: 'always',
      GIT_CONFIG_KEY_1: 'init.defaultBranch',
      GIT_CONFIG_VALUE_1: 'main',
    }
    const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', `${command}\nprintf '\\0%s' "$PWD"`], {
      cwd,
      env,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`${command}: exit code ${status}\n${stderr}`)
    const [output = '', folder = cwd] = stdout.split('\0')
    cwd = folder
    return { command, output: output.replaceAll(home, SHOWN_HOME) }
  })
}
