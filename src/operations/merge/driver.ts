// git's merge driver for a base: merges pages section by section and registry files field by field.
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { MergeVersions } from '../../api.ts'
import { mergePage } from '../../core/merge/merge.ts'
import type { MergedText } from '../../core/merge/merged-text.ts'

/** Writes the merge of three versions into `ours`, as git expects. `clean: false` means it has conflict markers. */
export async function mergeFiles({
  ancestor,
  ours,
  theirs,
  path,
  cwd,
  env,
}: MergeVersions): Promise<{ clean: boolean }> {
  const absolute = (file: string): string => resolve(cwd ?? '.', file)
  const [ancestorText, mine, other] = await Promise.all(
    [ancestor, ours, theirs].map((file) => readFile(absolute(file), 'utf8')),
  )
  const inBase = path.replace(/^.*?(?=(?:wiki|documents)\/)/, '')
  const merged = mergePage(ancestorText ?? '', mine ?? '', other ?? '', inBase, (a, b, c) =>
    mergeLines(a, b, c, absolute(ours), env),
  )
  // Written so that a full disk leaves the file unchanged.
  const whole = `${absolute(ours)}.merged`
  try {
    await writeFile(whole, merged.text)
    await rename(whole, absolute(ours))
  } finally {
    await rm(whole, { force: true })
  }
  return { clean: !merged.conflict }
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
