import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { initKb } from '../../../../src/index.ts'
import { makeRepository } from '../../../../src/io/git/new-repository.ts'
import { TEST_ENVIRONMENT } from '../../../support/repository.ts'

describe('a new repository', () => {
  let dir = ''
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'kbgit-new-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  const init = () => initKb({ dir, env: TEST_ENVIRONMENT, hooks: false })
  const unfinished = (name: string, pid: string): void => {
    mkdirSync(join(dir, name, '.git'), { recursive: true })
    writeFileSync(join(dir, name, '.git/config.lock'), '')
    writeFileSync(join(dir, name, 'pid'), pid)
  }

  test('is created by init even if an earlier init died half-way, and nothing of that is left', async () => {
    // No process has this number: Linux assigns only smaller ones.
    unfinished('.git.kbgit-0123456789ab', '4194305')
    unfinished('.git.kbgit-0123456789ac', '')
    await init()
    expect(existsSync(join(dir, '.git/HEAD'))).toBe(true)
    expect(readdirSync(dir).filter((name) => name.startsWith('.git.'))).toEqual([])
  })

  test('does not disturb another init that is still running', async () => {
    unfinished('.git.kbgit-0123456789ab', `${process.pid}`)
    await init()
    expect(existsSync(join(dir, '.git.kbgit-0123456789ab/.git'))).toBe(true)
  })

  test('is created regardless of the environment', async () => {
    const env = {
      ...TEST_ENVIRONMENT,
      PREFIX: '/usr',
      EDITOR: 'vi',
      GIT_EDITOR: 'vi',
      PAGER: 'less',
      SSH_ASKPASS: 'ask',
      GIT_DIR: join(dir, 'elsewhere'),
      GIT_SSH_COMMAND: 'ssh',
    }
    await makeRepository(dir, env)
    expect(readdirSync(dir)).toEqual(['.git'])
  })

  test('can be created by two processes at the same time', async () => {
    await Promise.all([makeRepository(dir, TEST_ENVIRONMENT), makeRepository(dir, TEST_ENVIRONMENT)])
    expect(existsSync(join(dir, '.git/HEAD'))).toBe(true)
    expect(readdirSync(dir)).toEqual(['.git'])
  })
})
