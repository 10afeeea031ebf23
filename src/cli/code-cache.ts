// V8's code cache of kbgit's modules, in the sidecar of the base that a command is for: to compile them anew is a third
// of a short command, half of one from source. Found without asking git, and left alone where anything is unusual.
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const CONFIG_FILE = 'kbgit.yaml'

/** Takes effect for modules that are loaded from here on, those of workers too. */
export function keepCode(argv: readonly string[], env: Record<string, string | undefined>, cwd: string): void {
  const sidecar = sidecarNear(resolve(cwd, baseNamed(argv) ?? (env['KBGIT_DIR'] || '.')))
  if (sidecar === undefined || env['NODE_COMPILE_CACHE'] !== undefined) return
  const code = join(sidecar, 'code')
  mkdirSync(code, { recursive: true, mode: 0o700 })
  if (isOwn(code)) enableCompileCache(code)
}

function baseNamed(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--kb')
  return at === -1 ? argv.find((word) => word.startsWith('--kb='))?.slice('--kb='.length) : argv[at + 1]
}

/** What is in it is run: nobody else may have made it, or write to it. */
function isOwn(folder: string): boolean {
  const stat = lstatSync(folder)
  return (
    stat.isDirectory() && (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0))
  )
}

/** Of the nearest base at or above a folder, where it has one already. */
function sidecarNear(folder: string): string | undefined {
  const root = nearest(folder, CONFIG_FILE)
  const top = root === undefined ? undefined : nearest(root, '.git')
  if (top === undefined) return undefined
  const sidecar = join(top, '.git', 'kbgit')
  return existsSync(sidecar) ? sidecar : undefined
}

/** The folder at or above `folder` that has something of this name. */
function nearest(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at
    if (dirname(at) === at) return undefined
  }
}
