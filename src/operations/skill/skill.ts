// `kbgit skill`: teaches agents that work in a project to use the base, by a section in a file that their client reads.
import { mkdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { KbError, systemCode } from '../../core/errors.ts'
import type { SkillResult } from '../../core/results.ts'
import { findSection, renderSection, withoutSection, withSection } from '../../core/skill/section.ts'
import { SKILL_VERSION, skillPlace, skillText, type SkillClient } from '../../core/skill/text.ts'

export type SkillOptions = {
  action: 'install' | 'uninstall' | 'show'
  client: SkillClient
  /** The project's folder. */
  project: string
}

/** Throws `KbError`: `usage` if the file cannot be changed without losing text of the user, `storage`. */
export async function skill(root: string, { action, client, project }: SkillOptions): Promise<SkillResult> {
  const { path, front } = skillPlace(client)
  const file = await fileWithin(project, path)
  const found = await contentOf(file)
  const state = findSection(found ?? '')
  const section = renderSection(skillText(fromProject(await realpath(project), await realpath(root))), SKILL_VERSION)
  const result = (change: SkillResult['change']): SkillResult => ({
    client,
    file: path,
    change,
    version: SKILL_VERSION,
    installed: state.kind === 'present' ? state.version : null,
    text: section,
  })
  if (action === 'show') return result('none')
  if (state.kind === 'broken')
    throw new KbError('usage', `The marks of kbgit in ${path} are not a pair: nothing was changed.`, {
      hint: 'Delete the lines with "kbgit:begin" and "kbgit:end", and what is between them if it is not yours.',
    })
  if (state.kind === 'present' && state.edited)
    throw new KbError('usage', `The section of kbgit in ${path} was edited by hand: nothing was changed.`, {
      hint: 'Move your text out of the section, or delete its marks to keep all of it.',
    })
  if (action === 'install') {
    const text = withSection(found ?? front, state, section)
    if (text === found) return result('none')
    await replace(file, text)
    return result(state.kind === 'present' ? 'updated' : 'installed')
  }
  if (found === undefined || state.kind === 'absent') return result('none')
  const rest = withoutSection(found, state)
  if (rest.trim() === '' || rest.trim() === front.trim()) await removeOwn(file, project)
  else await replace(file, rest)
  return result('removed')
}

/** The file that a path leads to, through links too, as long as it is in the project. */
async function fileWithin(project: string, path: string): Promise<string> {
  const top = await realpath(project)
  let file = join(top, path)
  for (let part = file, rest = ''; ; rest = join(relative(dirname(part), part), rest), part = dirname(part)) {
    const real = await realpath(part).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined
      throw error
    })
    if (real === undefined) continue
    file = join(real, rest)
    break
  }
  const way = relative(top, file)
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
    throw new KbError('usage', `${path} leads out of the project, to ${file}: nothing was changed.`)
  return file.endsWith(sep) ? file.slice(0, -1) : file
}

async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    throw new KbError('storage', `${file} cannot be read.`, { cause })
  }
}

/** Whole or not at all. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  const unfinished = `${file}.kbgit-${process.pid}`
  try {
    await writeFile(unfinished, text, { flag: 'wx' })
    await rename(unfinished, file)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
}

/** A file that has nothing of the user, and the folders that were made for it. */
async function removeOwn(file: string, project: string): Promise<void> {
  await rm(file)
  const top = resolve(project)
  for (let folder = dirname(file); folder.startsWith(`${top}${sep}`); folder = dirname(folder)) {
    const isEmpty = await rmdir(folder).then(
      () => true,
      () => false,
    )
    if (!isEmpty) return
  }
}

/** Folders up to which a base beside the project is named relative to it: such a layout is often the same elsewhere. */
const UP_MAX = 2

/** Where commands find the base, from the project: `.` if they look there by themselves. */
function fromProject(project: string, root: string): string {
  const way = relative(project, root).split(sep)
  // The project is in the base.
  if (way.every((part) => part === '' || part === '..')) return '.'
  const up = way.filter((part) => part === '..').length
  return up > UP_MAX || isAbsolute(way.join(sep)) ? root : way.join('/')
}
