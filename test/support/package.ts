// kbgit as users have it: built, and away from its source. From a checkout, Node would strip the types of each module.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

/** Builds the package into `dir` and returns the path of its command. Types are checked elsewhere. */
export function buildPackage(dir: string): string {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  const { NODE_OPTIONS: _, ...env } = process.env
  const rolldown = join(ROOT, 'node_modules/rolldown/bin/cli.mjs')
  execFileSync(process.execPath, [rolldown, '--config', '--dir', join(dir, 'dist'), '--logLevel', 'warn'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const assets = join(dir, 'dist/view')
  execFileSync(process.execPath, [join(ROOT, 'tools/view-assets.ts'), assets], { cwd: ROOT, env, stdio: 'inherit' })
  for (const part of ['bin', 'hooks', 'package.json']) cpSync(join(ROOT, part), join(dir, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'))
  return join(dir, 'bin/kbgit.js')
}
