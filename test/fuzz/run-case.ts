// One case: a healthy base, one corruption, a few commands, and what must hold afterwards.
import { FAILURE_CODES, KbError, openKb, type FsckResult, type Kb } from '../../src/index.ts'
import { messageOf } from '../../src/core/errors.ts'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { GIT_IDENTITY } from '../support/git-identity.ts'
import { runChild, UNFORESEEN } from './child.ts'
import { argvOf, READING, WRITING, type Command } from './commands.ts'
import type { Corrupt } from './corruption.ts'
import { Draw } from './draw.ts'
import { corruptPageText, corruptRegistry, corruptTree } from './json-files.ts'
import { corruptAttributes, corruptConfig, corruptFrontMatter, corruptPage } from './page-files.ts'
import { Place } from './place.ts'
import { corruptIntent, corruptSidecar } from './sidecar-files.ts'
import type { Template } from './template.ts'
import { corruptCase, corruptGitlink, corruptLink, corruptName } from './tree-entries.ts'

export const KINDS: readonly [kind: string, corrupt: Corrupt, weight: number][] = [
  ['registry', corruptRegistry, 6],
  ['front matter', corruptFrontMatter, 3],
  ['page', corruptPage, 3],
  ['page text', corruptPageText, 2],
  ['tree', corruptTree, 2],
  ['link', corruptLink, 3],
  ['submodule', corruptGitlink, 2],
  ['name in a tree', corruptName, 2],
  ['case', corruptCase, 1],
  ['kbgit.yaml', corruptConfig, 1],
  ['.gitattributes', corruptAttributes, 1],
  ['intent', corruptIntent, 2],
  ['sidecar', corruptSidecar, 3],
]

export type CaseResult = { kind: string; what: string; commands: string[]; findings: string[] }

/** On a machine that is not busy. */
const COMMAND_MS_MAX = 120_000
const LOOK_MS = 10_000
/** Every so many-th case runs the command line in processes of its own, which takes several times as long. */
const CHILDREN_EVERY = 25
const FSCK: Command = { name: 'fsck', run: (kb) => kb.fsck() }

export async function runCase(
  scratch: string,
  templates: readonly Template[],
  seed: number,
  number: number,
): Promise<CaseResult> {
  const draw = new Draw(seed, number)
  const template = draw.one(templates)
  using place = new Place(scratch, template)
  const [kind, corrupt] = draw.one(KINDS.flatMap((each) => Array.from({ length: each[2] }, () => each)))
  const corruption = corrupt({ template, read: (path) => place.read(path), target: place.target, draw })
  const committed = draw.below(6) > 0
  const cloned = draw.below(3) === 0 && kind !== 'intent' && kind !== 'sidecar'
  const driver = draw.below(6) === 0 ? 'in-process' : 'git'
  const commands = [draw.one(READING), ...(draw.below(2) === 0 ? [draw.one(READING)] : []), draw.one(WRITING)]
  if (cloned) place.forgetSidecar()
  place.corrupt(corruption.changes, committed)
  place.remember()
  const env = { PATH: process.env['PATH'], ...GIT_IDENTITY, HOME: place.home, TMPDIR: join(scratch, 'tmp') }
  const findings: string[] = []
  const named = committed ? corruption.named : undefined
  const asChildren = number % CHILDREN_EVERY === CHILDREN_EVERY - 1
  if (asChildren) {
    for (const command of [FSCK, ...commands]) {
      const argv = argvOf(command, place)
      if (argv !== undefined) findings.push(...(await runChild(argv, place.base, env)))
    }
  } else {
    await using kb = await opened(place, env, driver, findings)
    if (kb !== undefined) {
      findings.push(...(await checkFsck(kb, place, named)))
      for (const command of commands) findings.push(...(await runCommand(kb, place, command)))
    }
  }
  findings.push(...place.violations())
  const how = `${template.prefix}${committed ? '' : ' (uncommitted)'}${cloned ? ' (new clone)' : ''} ${asChildren ? 'in processes' : driver === 'git' ? '' : driver}`
  return { kind, what: `${corruption.what} ${how.trim()}`, commands: commands.map(({ name }) => name), findings }
}

async function opened(
  place: Place,
  env: NodeJS.ProcessEnv,
  driver: 'git' | 'in-process',
  findings: string[],
): Promise<Kb | undefined> {
  try {
    return await openKb({ dir: place.base, env, driver })
  } catch (error) {
    findings.push(...wrongWith('open', error))
    return undefined
  }
}

async function checkFsck(kb: Kb, place: Place, named: string | undefined): Promise<string[]> {
  let result: FsckResult | undefined
  const check: Command = { name: 'fsck', run: async () => (result = await kb.fsck()) }
  const findings = await runCommand(kb, place, check)
  if (named === undefined || result === undefined) return findings
  const { ok, problems } = result
  const found = problems.map(({ code, path }) => `${code} ${path}`)
  if (ok || !problems.some(({ path, message }) => path.startsWith(named) || message.includes(named)))
    findings.push(`fsck does not name ${named}: ${found.slice(0, 3).join(', ') || 'no problem'}`)
  return findings
}

async function runCommand(kb: Kb, place: Place, { name, run }: Command): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const began = performance.now()
    timer = setInterval(() => {
      // With three processes that want to run for each core, a command takes three times as long.
      const busy = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism())
      if (performance.now() - began > COMMAND_MS_MAX * busy)
        reject(new Error(`took more than ${Math.round(COMMAND_MS_MAX * busy)} ms`))
    }, LOOK_MS)
  })
  try {
    return codesOf(await Promise.race([run(kb, place), tooLong])).map((each) => `${name}: ${each}`)
  } catch (error) {
    return wrongWith(name, error)
  } finally {
    clearInterval(timer)
  }
}

function wrongWith(name: string, error: unknown): string[] {
  if (error instanceof KbError && !UNFORESEEN.has(error.code)) return []
  const stack = error instanceof Error ? (error.stack ?? '').split('\n') : []
  const line = stack.find((each) => each.includes('/src/'))?.trim() ?? ''
  const code = error instanceof KbError ? error.code : error instanceof Error ? error.name : typeof error
  return [`${name}: ${code}: ${messageOf(error).slice(0, 300)} ${line}`]
}

/** Failures of single documents whose codes are not in the contract. */
function codesOf(result: unknown): string[] {
  const { failed = [], stopped } = (result ?? {}) as {
    failed?: { error: { code: string; message: string } }[]
    stopped?: { code: string; message: string }
  }
  const errors = [
    ...(Array.isArray(failed) ? failed.map(({ error }) => error) : []),
    ...(stopped === undefined ? [] : [stopped]),
  ]
  const known = new Set<string>(FAILURE_CODES)
  return errors
    .filter(({ code }) => UNFORESEEN.has(code) || (!known.has(code) && stopped?.code !== code))
    .map(({ code, message }) => `${code}: ${message}`)
}
