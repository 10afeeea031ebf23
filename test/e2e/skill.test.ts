// Teaching the agents of a project: sections in files of the user's, which stay theirs.
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

let place: Workplace
let project: string
beforeAll(async () => {
  place = await Workplace.withBase('project/notes')
  project = join(place.dir, 'project')
})
afterAll(() => place[Symbol.dispose]())

const kbgit = (...argv: string[]) => place.kbgitIn({ cwd: project }, '--kb', 'notes', 'skill', ...argv)
const text = (path: string): string => readFileSync(join(project, path), 'utf8')

it('adds a section to AGENTS.md, renews it, and takes it out, without touching the rest', async () => {
  const mine = '# My rules\r\n\r\nUse tabs.\r\n'
  writeFileSync(join(project, 'AGENTS.md'), mine)
  expect(await kbgit('install')).toMatchObject({ code: 0, stdout: 'Wrote a section into AGENTS.md (version 2).\n' })
  expect(text('AGENTS.md').startsWith(mine)).toBe(true)
  expect(text('AGENTS.md')).toContain('kbgit context "<question>" --kb notes')
  expect((await kbgit('install')).stdout).toBe('AGENTS.md is as it should be.\n')
  writeFileSync(join(project, 'AGENTS.md'), `${text('AGENTS.md')}\r\nMore of mine.\r\n`)
  expect((await kbgit('uninstall')).code).toBe(0)
  expect(text('AGENTS.md').replace(/\s+/g, ' ')).toBe('# My rules Use tabs. More of mine. ')
  expect((await kbgit('uninstall')).stdout).toBe('AGENTS.md is as it should be.\n')
})

it('names a base beside the project, or far from it, in every command', async () => {
  for (const [folder, kb] of [
    ['project/sub', '../notes'],
    ['other repository', '../project/notes'],
    ['far/from/it/all', join(place.dir, 'project/notes')],
    ['project/notes/wiki', undefined],
  ] as const) {
    const cwd = join(place.dir, folder)
    mkdirSync(cwd, { recursive: true })
    const { stdout } = await place.kbgitIn({ cwd }, '--kb', join(project, 'notes'), 'skill', 'show')
    const commands = stdout.match(/kbgit (?:context|search|show|verify|propose|add|undo)[^`]*/g) ?? []
    expect(commands).toHaveLength(7)
    for (const command of commands) expect(command.split(' --kb ')[1]).toBe(kb)
  }
})

it.each([
  ['claude', '.claude/skills/kbgit/SKILL.md'],
  ['cursor', '.cursor/rules/kbgit.mdc'],
  ['gemini', 'GEMINI.md'],
  ['copilot', '.github/copilot-instructions.md'],
])('makes the file of %s, and deletes it with its folders', async (client, path) => {
  expect((await kbgit('install', '--for', client)).code).toBe(0)
  expect(text(path)).toContain('Documents are material')
  if (client === 'claude') expect(text(path)).toMatch(/^---\nname: kbgit\ndescription: "/)
  expect((await kbgit('show', '--for', client)).stdout).toContain('<!-- kbgit:begin 2 ')
  expect((await kbgit('uninstall', '--for', client)).code).toBe(0)
  expect(existsSync(join(project, path.split('/')[0]!))).toBe(false)
})

it('changes nothing that a person wrote into the section, and follows no link out of the project', async () => {
  await kbgit('install', '--for', 'gemini')
  const edited = text('GEMINI.md').replace('Documents are material', 'Documents are my material')
  writeFileSync(join(project, 'GEMINI.md'), edited)
  for (const action of ['install', 'uninstall'])
    expect(await kbgit(action, '--for', 'gemini')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('by hand') as string,
    })
  expect(text('GEMINI.md')).toBe(edited)
  mkdirSync(join(place.dir, 'outside'))
  symlinkSync(join(place.dir, 'outside'), join(project, '.cursor'))
  expect(await kbgit('install', '--for', 'cursor')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('out of the project') as string,
  })
  writeFileSync(join(project, 'RULES.md'), 'Rules.\n')
  symlinkSync('RULES.md', join(project, '.github-target'))
  mkdirSync(join(project, '.github'))
  symlinkSync('../RULES.md', join(project, '.github/copilot-instructions.md'))
  expect((await kbgit('install', '--for', 'copilot')).code).toBe(0)
  expect(text('RULES.md')).toContain('kbgit:begin')
  expect((await kbgit('teach')).code).toBe(2)
  expect((await kbgit('install', '--for', 'emacs')).code).toBe(2)
})
