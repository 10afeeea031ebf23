// git's merge driver for a base: merges pages section by section and registry files field by field, and keeps documents
// apart that got the same name on both sides.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { copyFile, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { MergeVersions } from '../../api.ts'
import { CONFIG_FILE, DOCUMENTS, IMAGES, LARGE, RAW, SOURCES, SUMMARIES } from '../../core/layout.ts'
import { mergePage } from '../../core/merge/merge.ts'
import type { MergedText } from '../../core/merge/merged-text.ts'
import { renameIn } from '../../core/merge/rename-document.ts'
import { withDisplaced } from '../../core/merge/record.ts'
import { bareRepository } from '../../io/git/bare-repository.ts'
import { discoverRepository, Git } from '../../io/git/git.ts'
import { mergedBranch } from '../../io/git/merge-driver.ts'
import { blobIdOfFile } from '../../io/git/object-id.ts'
import { plainRepository } from '../../io/git/plain-repository.ts'
import { sidecarOf } from '../../io/sidecar/paths.ts'
import { findRenames, type MergeNames, type NotedRename, type StillDisplaced } from './same-names.ts'

type Files = { ancestor: string; ours: string; theirs: string }

/** Writes the merge of three versions into `ours`, as git expects. `clean: false` means it has conflict markers. */
export async function mergeFiles({
  ancestor,
  ours,
  theirs,
  path,
  cwd,
  env,
}: MergeVersions): Promise<{ clean: boolean }> {
  const top = resolve(cwd ?? '.')
  const files: Files = { ancestor: resolve(top, ancestor), ours: resolve(top, ours), theirs: resolve(top, theirs) }
  const prefix = mergedBranch(env).prefix ?? prefixOf(top, path)
  const inBase = path.slice(prefix.length)
  const { renames, displaced } = await namesOf(top, env, prefix, path, files)
  const own = renames.find((one) => isFileOf(inBase, one.key))
  if (own !== undefined) return await keepOne(own, renames, inBase, files)
  // A person decides.
  if (isBytes(inBase)) return { clean: false }
  const [before, mine, other] = await Promise.all([
    readFile(files.ancestor, 'utf8'),
    readFile(files.ours, 'utf8'),
    readFile(files.theirs, 'utf8'),
  ])
  const named = (text: string, means: (one: NotedRename) => boolean): string =>
    renameIn(inBase, text, renames.filter(means))
  const settled = (text: string, side: StillDisplaced['side']): string =>
    renameIn(
      inBase,
      text,
      displaced.filter((one) => one.side === side && text.includes(`[[summaries/${one.key}|${one.title}]]`)),
    )
  const merged = mergePage(
    named(before, (one) => one.inBase),
    named(settled(mine, 'ours'), ({ side }) => side === 'ours'),
    named(settled(other, 'theirs'), ({ side }) => side === 'theirs'),
    inBase,
    (a, b, c) => mergeLines(a, b, c, files.ours, env),
  )
  await replace(files.ours, (whole) => writeFile(whole, merged.text))
  return { clean: !merged.conflict }
}

/** The base's folder: the outermost one above the file that is a base. */
function prefixOf(top: string, path: string): string {
  const parts = path.split('/')
  for (let count = 0; count < parts.length; count++) {
    const folder = parts
      .slice(0, count)
      .map((part) => `${part}/`)
      .join('')
    if (existsSync(join(top, folder, CONFIG_FILE))) return folder
  }
  return /^.*?(?=(?:wiki|documents|raw)\/)/.exec(path)?.[0] ?? ''
}

/** None if there is no repository, as in a merge of three files by hand. */
async function namesOf(
  top: string,
  env: NodeJS.ProcessEnv,
  prefix: string,
  path: string,
  files: Files,
): Promise<MergeNames> {
  const { gitDir } = mergedBranch(env)
  const repository =
    gitDir === undefined
      ? (plainRepository(top, env) ?? (await discoverRepository(top, env)))
      : await bareRepository(gitDir, env)
  if (repository === undefined) return { renames: [], displaced: [] }
  const idOf = async (file: string) => blobIdOfFile(file, (await stat(file)).size, repository)
  const [ancestor, theirs] = await Promise.all([idOf(files.ancestor), idOf(files.theirs)])
  const merge = { git: new Git(repository.workTree, env), repository, sidecarDir: sidecarOf(repository), prefix, env }
  return findRenames(merge, { path, ancestor, theirs })
}

/** Whether a file belongs to the document of this name alone. `key`: `minutes` or `v2/minutes`. */
function isFileOf(path: string, key: string): boolean {
  const ends: [start: string, end: RegExp][] = [
    [`${DOCUMENTS}/${key}`, /^\.json$/],
    [`${SUMMARIES}/${key}`, /^\.md$/],
    [`${SOURCES}/${key}`, /^(?:\.md|\.json|\.tree\.json)$/],
    [`${IMAGES}/${key}`, /^\/\d+\.[a-z]+$/],
    [`${LARGE}/${key}`, /^(?:\.[a-z0-9]{1,16})?$/],
    [`${RAW}/${key}`, /^(?:\.[a-z0-9]{1,16})?(?:\.pointer)?$/],
  ]
  return ends.some(([start, end]) => path.startsWith(start) && end.test(path.slice(start.length)))
}

/** The document that keeps the name keeps its file whole; its record says where the other one is. */
async function keepOne(
  renamed: NotedRename,
  renames: readonly NotedRename[],
  path: string,
  files: Files,
): Promise<{ clean: boolean }> {
  const side = renamed.side === 'ours' ? 'theirs' : 'ours'
  const kept = files[side]
  if (isBytes(path)) {
    if (side === 'theirs') await replace(files.ours, (whole) => copyFile(kept, whole))
    return { clean: true }
  }
  // It may link other documents of its side that get another name.
  const own = renames.filter((one) => one.side === side)
  const text = renameIn(path, await readFile(kept, 'utf8'), own)
  const { to, sha256, commit, base, inBase } = renamed
  const displaced = { name: to, sha256, commit, ...(inBase ? { base } : {}) }
  await replace(files.ours, (whole) => writeFile(whole, path === renamed.path ? withDisplaced(text, displaced) : text))
  return { clean: true }
}

/** Originals and images: never read as text, never merged. */
function isBytes(path: string): boolean {
  return path.startsWith(`${RAW}/`) || path.startsWith(`${IMAGES}/`)
}

/** Written so that a full disk leaves the file unchanged. */
async function replace(file: string, write: (whole: string) => Promise<void>): Promise<void> {
  const whole = `${file}.merged`
  try {
    await write(whole)
    await rename(whole, file)
  } finally {
    await rm(whole, { force: true })
  }
}

/** Merges three ways with `git merge-file`: conflicting changes get markers. */
function mergeLines(
  ancestorText: string,
  ours: string,
  theirs: string,
  prefix: string,
  env: MergeVersions['env'],
): MergedText {
  // Next to git's own temporary files: nothing is written anywhere else.
  const [a, b, c] = [`${prefix}.base`, `${prefix}.ours`, `${prefix}.theirs`]
  try {
    writeFileSync(a, ancestorText)
    writeFileSync(b, ours)
    writeFileSync(c, theirs)
    const { status, stdout, error } = spawnSync(
      'git',
      ['merge-file', '-p', '-L', 'ours', '-L', 'base', '-L', 'theirs', b, a, c],
      {
        env: { ...env } as NodeJS.ProcessEnv,
        maxBuffer: 1024 ** 3,
      },
    )
    if (error !== undefined) throw error
    if (status === null || status > 127) throw new Error('git merge-file failed')
    return { text: stdout.toString(), conflict: status !== 0 }
  } finally {
    for (const file of [a, b, c]) rmSync(file, { force: true })
  }
}
