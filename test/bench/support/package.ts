// kbgit as users have it: built, away from its source. From a checkout, Node would strip the types of each module anew.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')

/** Builds the package into `dir` and gives the path of its command. What the compiler finds fault with is not asked here. */
export function buildPackage(dir: string): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.build.json', '--outDir', join(dir, 'dist')], {
    cwd: ROOT,
  })
  for (const part of ['bin', 'hooks', 'package.json']) cpSync(join(ROOT, part), join(dir, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
  const command = join(dir, 'bin/kbgit.js')
  execFileSync(process.execPath, [command, '--version'])
  return command
}
