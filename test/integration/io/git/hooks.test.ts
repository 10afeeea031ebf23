import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HOOKS, portableHookCommand } from '../../../../src/core/hook-script.ts'
import { discoverRepository, Git, type Repository } from '../../../../src/io/git/git.ts'
import { hooksStatus, installHooks, uninstallHooks, type HookReport } from '../../../../src/io/git/hooks.ts'

let dir: string
let top: string
let environment: NodeJS.ProcessEnv
/** A command that reports, in one line through a FIFO, how it was called. */
let kbgit: string

beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), "kbgit hooks' ")))
  top = join(dir, 'my repo')
  const { PATH = '' } = process.env
  environment = {
    PATH,
    HOME: dir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@b',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@b',
  }
  mkdirSync(top)
  git('init', '-q', '-b', 'main')
  commit('kbgit.yaml')
  kbgit = join(dir, 'kb git')
  execFileSync('mkfifo', [join(dir, 'calls')])
  script(
    kbgit,
    `echo "$PWD|$*|\${GIT_DIR-}\${GIT_INDEX_FILE-}\${GIT_PREFIX-}|$KBGIT_IN_HOOK" >>${word(join(dir, 'log'))}\ncat ${word(join(dir, 'say'))} 2>/dev/null\n[ ! -e ${word(join(dir, 'wait'))} ] || echo called >${word(join(dir, 'calls'))}`,
  )
})
// Background processes of a hook remove a file at their end.
afterEach(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }))

const word = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

function script(path: string, body: string, first = '#!/bin/sh'): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${first}\n${body}\n`, { mode: 0o755 })
}

function run(cwd: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync('git', args, { cwd, env: environment, encoding: 'utf8' })
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: top, env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function commit(name: string, cwd = top): void {
  mkdirSync(dirname(join(cwd, name)), { recursive: true })
  writeFileSync(join(cwd, name), name)
  run(cwd, 'add', name)
  run(cwd, 'commit', '-qm', name)
}

async function repositoryOf(cwd: string): Promise<Repository> {
  const found = await discoverRepository(cwd, environment)
  if (found === undefined) throw new Error('no repository')
  return found
}

const options = (base = top) => ({ command: [kbgit], base })
const install = async (cwd = top, more: { force?: boolean; base?: string } = {}) =>
  installHooks(new Git(cwd, environment), await repositoryOf(cwd), {
    ...options(more.base),
    force: more.force ?? false,
  })
const uninstall = async () => uninstallHooks(new Git(top, environment), await repositoryOf(top))
const status = async (command = [kbgit]) =>
  hooksStatus(new Git(top, environment), await repositoryOf(top), { command, base: top })
const states = (report: HookReport) => [...new Set(HOOKS.map((hook) => report.hooks[hook]))]
const note = (report: HookReport, hook: string) => report.notes.find((one) => one.hook === hook)

function intent(): void {
  mkdirSync(join(top, '.git/kbgit/journal'), { recursive: true })
  writeFileSync(join(top, '.git/kbgit/journal/1.json'), '{}')
}

/** The calls so far. Foreground work is done when git is. */
function calls(): string[] {
  const log = join(dir, 'log')
  return existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []
}

/** Returns once a fixture has written to the FIFO. */
function awaitCall(): void {
  execFileSync('timeout', ['20', 'cat', join(dir, 'calls')])
}

/** Runs git and waits for one call in the background. */
function untilCalled(cwd: string, ...args: string[]): string {
  writeFileSync(join(dir, 'wait'), '')
  const { status, stderr } = run(cwd, ...args)
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
  awaitCall()
  rmSync(join(dir, 'wait'))
  const log = calls()
  rmSync(join(dir, 'log'))
  return log.join('\n')
}

describe('installing', () => {
  it('creates executable hooks if there are none, and uninstalling leaves nothing', async () => {
    expect(states(await status())).toEqual(['absent'])
    const report = await install()
    expect(states(report)).toEqual(['installed'])
    for (const hook of HOOKS) expect(statSync(join(report.path, hook)).mode & 0o777).toBe(0o755)
    const before = readFileSync(join(top, '.git/hooks/post-checkout'), 'utf8')
    expect(states(await install())).toEqual(['installed'])
    expect(readFileSync(join(top, '.git/hooks/post-checkout'), 'utf8')).toBe(before)
    expect(states(await status())).toEqual(['installed'])
    expect(states(await uninstall())).toEqual(['absent'])
    expect(HOOKS.filter((hook) => existsSync(join(top, '.git/hooks', hook)))).toEqual([])
    expect(existsSync(join(top, '.git/kbgit/hooks'))).toBe(false)
    expect(states(await uninstall())).toEqual(['absent'])
  })

  it('detects hooks of another kbgit as outdated and renews them', async () => {
    await install()
    expect(states(await status(['/elsewhere/kbgit']))).toEqual(['outdated'])
    writeFileSync(
      join(top, '.git/hooks/post-merge'),
      readFileSync(join(top, '.git/hooks/post-merge'), 'utf8').replace('</dev/null', ''),
    )
    expect((await status()).hooks['post-merge']).toBe('outdated')
    await install()
    expect(states(await status())).toEqual(['installed'])
  })

  it('adds to hooks that end in exec or exit, which still get their arguments and input', async () => {
    const hook = join(top, '.git/hooks/post-rewrite')
    script(hook, `[ $# = 1 ] && read old new && echo "$1 $new" >${word(join(dir, 'theirs'))}\nexit 3`, '#!/bin/sh -eu')
    script(join(top, '.git/hooks/post-commit'), 'exec true', '#!/usr/bin/env bash')
    chmodSync(hook, 0o700)
    const bytes = readFileSync(hook)
    expect(states(await install())).toEqual(['installed'])
    expect(statSync(hook).mode & 0o777).toBe(0o700)
    expect(untilCalled(top, 'commit', '-q', '--amend', '-m', 'again')).toContain('recover --hook')
    expect(readFileSync(join(dir, 'theirs'), 'utf8')).toBe(`amend ${git('rev-parse', 'HEAD')}`)
    await uninstall()
    expect(readFileSync(hook)).toEqual(bytes)
    expect(statSync(hook).mode & 0o777).toBe(0o700)
  })

  it('leaves alone a hook that is not a shell script, a link, a folder or disabled, and says which line to add', async () => {
    const hooks = join(top, '.git/hooks')
    script(join(hooks, 'post-checkout'), 'print()', '#!/usr/bin/env python3')
    script(join(dir, 'theirs'), 'true')
    symlinkSync(join(dir, 'theirs'), join(hooks, 'post-merge'))
    mkdirSync(join(hooks, 'post-commit'))
    script(join(hooks, 'post-rewrite'), 'true')
    chmodSync(join(hooks, 'post-rewrite'), 0o644)
    mkdirSync(join(hooks, 'pre-push'))
    const report = await install()
    expect(states(report)).toEqual(['absent'])
    for (const hook of HOOKS) {
      expect(note(report, hook)?.reason).toContain(join(report.path, hook))
      expect(note(report, hook)?.line).toContain(hook)
    }
    expect(readFileSync(join(hooks, 'post-checkout'), 'utf8')).toBe('#!/usr/bin/env python3\nprint()\n')
    expect(readFileSync(join(dir, 'theirs'), 'utf8')).not.toContain('kbgit')
  })

  it('works with husky, without changing a tracked file', async () => {
    git('config', 'core.hooksPath', '.husky/_')
    const early = await install()
    expect(states(early)).toEqual(['absent'])
    expect(note(early, 'post-checkout')?.reason).toContain('does not exist')
    for (const hook of HOOKS) script(join(top, '.husky/_', hook), '. "$(dirname "$0")/h"', '#!/usr/bin/env sh')
    writeFileSync(join(top, '.husky/_/.gitignore'), '*')
    script(
      join(top, '.husky/_/h'),
      's=$(dirname "$(dirname "$0")")/$(basename "$0"); [ ! -f "$s" ] || sh -e "$s" "$@"; exit $?',
      '',
    )
    script(join(top, '.husky/post-checkout'), `echo theirs >>${word(join(dir, 'log'))}`)
    git('add', '.husky')
    git('commit', '-qm', 'husky')
    expect(states(await install())).toEqual(['installed'])
    expect(git('status', '--porcelain')).toBe('')
    intent()
    git('checkout', '-q', '-b', 'b')
    expect(calls().map((line) => line.replace(/.*\|(--kb).*/, '$1'))).toEqual(['--kb', 'theirs'])
    await uninstall()
    expect(readFileSync(join(top, '.husky/_/post-checkout'), 'utf8')).toBe('#!/usr/bin/env sh\n. "$(dirname "$0")/h"\n')
  })

  it('recognises a line added by hand in the script that husky calls', async () => {
    git('config', 'core.hooksPath', '.husky/_')
    script(join(top, '.husky/_/post-checkout'), '. "$(dirname "$0")/h"')
    script(
      join(top, '.husky/_/h'),
      's=$(dirname "$(dirname "$0")")/$(basename "$0"); [ ! -f "$s" ] || sh -e "$s" "$@"; exit $?',
      '',
    )
    const line = portableHookCommand('post-checkout')
    await install()
    script(join(top, '.husky/post-checkout'), line)
    expect((await status()).hooks['post-checkout']).toBe('installed')
    intent()
    git('checkout', '-q', '-b', 'b')
    expect(calls()).toHaveLength(1)
  })

  it('refuses a tracked folder of hooks, and one that could be committed', async () => {
    git('config', 'core.hooksPath', 'githooks')
    script(join(top, 'githooks/post-checkout'), 'true')
    git('add', '.')
    const report = await install(top, { force: true })
    expect(states(report)).toEqual(['absent'])
    expect(note(report, 'post-checkout')?.reason).toContain('is tracked')
    expect(note(report, 'post-merge')?.reason).toContain('could be committed')
    expect(git('status', '--porcelain')).toBe('A  githooks/post-checkout\n')
  })

  it('adds to hooks created by lefthook', async () => {
    const body =
      'if [ "$LEFTHOOK" = "0" ]; then\n  exit 0\nfi\ncall_lefthook()\n{\n  :\n}\ncall_lefthook run "post-checkout" "$@"'
    script(join(top, '.git/hooks/post-checkout'), body)
    expect(states(await install())).toEqual(['installed'])
    intent()
    git('checkout', '-q', '-b', 'b')
    expect(calls()).toHaveLength(1)
  })

  it('writes to a folder outside the repository only if forced, for each repository with kbgit', async () => {
    mkdirSync(join(dir, 'shared'))
    writeFileSync(join(dir, '.gitconfig'), `[core]\n\thooksPath = ~/shared\n`)
    const refused = await install()
    expect(states(refused)).toEqual(['absent'])
    expect(note(refused, 'post-merge')?.reason).toContain('outside this repository')
    expect(existsSync(join(dir, 'shared/post-merge'))).toBe(false)
    expect(states(await install(top, { force: true }))).toEqual(['installed'])
    intent()
    git('checkout', '-q', '-b', 'b')
    expect(calls()).toHaveLength(1)
    const other = join(dir, 'other')
    mkdirSync(other)
    run(other, 'init', '-q')
    commit('x', other)
    expect(run(other, 'checkout', '-q', '-b', 'b').status).toBe(0)
    expect(calls()).toHaveLength(1)
    git('config', 'core.hooksPath', '/dev/null')
    expect(note(await install(top, { force: true }), 'post-merge')?.reason).toContain('disables hooks')
  })
})

describe('a hook', () => {
  it('does nothing and prints nothing if nothing is due', async () => {
    await install()
    for (const args of [
      ['checkout', '-b', 'b'],
      ['checkout', '--', 'kbgit.yaml'],
      ['commit', '--allow-empty', '-m', 'x'],
    ])
      run(top, ...args)
    git('commit', '--allow-empty', '-qm', 'y')
    expect(calls()).toEqual([])
  })

  it("finishes what is in the journal before git returns, without git's environment, and passes messages on", async () => {
    await install()
    intent()
    writeFileSync(join(dir, 'say'), 'recovered one document\n')
    const { stderr, stdout, status } = run(top, '-c', 'x.y=z', 'commit', '--allow-empty', '-qm', 'x')
    expect([status, stdout, stderr]).toEqual([0, '', 'recovered one document\n'])
    expect(calls()).toEqual([`${top}|--kb ${top}/. recover --hook||1`])
  })

  it('never makes git fail or print anything if kbgit fails or is missing, or the sidecar is gone', async () => {
    await install()
    intent()
    script(kbgit, 'echo trouble; echo more >&2; exit 9')
    expect(run(top, 'checkout', '-q', '-b', 'b')).toMatchObject({ status: 0, stdout: '', stderr: '' })
    rmSync(kbgit)
    expect(run(top, 'checkout', '-q', '-b', 'c')).toMatchObject({ status: 0, stdout: '', stderr: '' })
    rmSync(join(top, '.git/kbgit'), { recursive: true })
    expect(run(top, 'checkout', '-q', '-b', 'd')).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  it('takes kbgit from the PATH if the installed one is gone', async () => {
    await install()
    intent()
    mkdirSync(join(dir, 'bin'))
    renameSync(kbgit, join(dir, 'bin/kbgit'))
    environment['PATH'] = `${join(dir, 'bin')}:${environment['PATH']}`
    git('checkout', '-q', '-b', 'b')
    expect(calls()).toHaveLength(1)
  })

  it('follows a HEAD that moved in the background: checkout, merge, fast-forward, amend and rebase', async () => {
    git('branch', 'side')
    commit('main.md')
    await install()
    expect(untilCalled(top, 'checkout', '-q', 'side')).toBe(`${top}|--kb ${top}/. recover --hook||1`)
    commit('side.md')
    expect(untilCalled(top, 'merge', '-q', '--no-edit', 'main')).toContain('recover --hook')
    git('branch', 'ahead', 'HEAD')
    run(top, 'reset', '-q', '--hard', 'HEAD~1')
    expect(untilCalled(top, 'merge', '-q', 'ahead')).toContain('recover --hook')
    expect(untilCalled(top, 'commit', '-q', '--amend', '--no-edit')).toContain('recover --hook')
    run(top, 'reset', '-q', '--hard', 'HEAD^1')
    commit('more.md')
    expect(untilCalled(top, 'rebase', '-q', 'main')).toContain('recover --hook')
  })

  it('does nothing during a rebase, a cherry-pick, a merge or a bisect', async () => {
    git('branch', 'side')
    commit('a.md')
    commit('b.md')
    git('checkout', '-q', 'side')
    writeFileSync(join(top, 'a.md'), 'other')
    git('add', '.')
    git('commit', '-qm', 'other')
    await install()
    intent()
    expect(run(top, 'rebase', 'main').status).toBe(1)
    git('rebase', '--abort')
    run(top, 'cherry-pick', 'main~1')
    git('cherry-pick', '--abort')
    run(top, 'merge', 'main')
    git('checkout', '-q', 'HEAD', '--', 'kbgit.yaml')
    git('merge', '--abort')
    git('bisect', 'start', 'main', 'main~2')
    git('bisect', 'reset')
    expect(calls()).toEqual([])
  })

  it('works in a linked worktree, and for a base in a sub-folder of the repository', async () => {
    commit('docs base/kbgit.yaml')
    await install(top, { base: join(top, 'docs base') })
    const linked = join(dir, 'linked tree')
    expect(untilCalled(top, 'worktree', 'add', '-q', linked, '-b', 'linked')).toBe(
      `${linked}|--kb ${linked}/docs base recover --hook||1`,
    )
    intent()
    expect(run(linked, 'commit', '-q', '--allow-empty', '-m', 'x').status).toBe(0)
    expect(calls()).toEqual([`${linked}|--kb ${linked}/docs base recover --hook||1`])
    expect(run(linked, 'checkout', '-q', 'HEAD~2').status).toBe(0)
    expect(calls()).toHaveLength(1)
  })

  it('is not triggered by git commands that kbgit runs', async () => {
    await install()
    intent()
    script(
      kbgit,
      `echo called >>${word(join(dir, 'log'))}; git checkout -q -b inner; git commit -q --allow-empty -m inner`,
    )
    git('checkout', '-q', '-b', 'b')
    expect(calls()).toEqual(['called'])
    const own = new Git(top, environment)
    await own.run(['checkout', '-q', 'main'])
    expect(calls()).toEqual(['called'])
  })

  it('has a single process follow, however often HEAD moves in the meantime', async () => {
    commit('a.md')
    await install()
    execFileSync('mkfifo', [join(dir, 'gate')])
    script(
      kbgit,
      `echo called >>${word(join(dir, 'log'))}\necho called >${word(join(dir, 'calls'))}\nread go <${word(join(dir, 'gate'))}`,
    )
    git('checkout', '-q', 'HEAD~1')
    awaitCall()
    for (let i = 0; i < 10; i++) git('checkout', '-q', i % 2 === 0 ? 'main' : 'main~1')
    expect(calls()).toEqual(['called'])
    writeFileSync(join(dir, 'gate'), 'go\n')
    awaitCall()
    writeFileSync(join(dir, 'gate'), 'go\n')
    expect(calls()).toEqual(['called', 'called'])
  })
})
