// V8's code cache for kbgit's modules, in the sidecar of the base that a command is for: compiling them takes a third
// of a short command, and half of one that runs from source. Found without git, and not used if anything is unusual.
import { existsSync, lstatSync, mkdirSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const CONFIG_FILE = 'kbgit.yaml'

/** Applies to modules loaded from now on, in workers too. */
export function keepCode(argv: readonly string[], env: Record<string, string | undefined>, cwd: string): void {
  const sidecar = sidecarNear(resolve(cwd, baseNamed(argv) ?? (env['KBGIT_DIR'] || '.')))
  if (sidecar === undefined || env['NODE_COMPILE_CACHE'] !== undefined) return
  const code = join(sidecar, 'code')
  mkdirSync(code, { recursive: true, mode: 0o700 })
  if (isOwn(code)) enableCompileCache(code)
}

function baseNamed(argv: readonly string[]): string | undefined {
  const index = argv.indexOf('--kb')
  return index === -1 ? argv.find((word) => word.startsWith('--kb='))?.slice('--kb='.length) : argv[index + 1]
}

/** Its contents are executed, so no other user may own it or be able to write to it. */
function isOwn(folder: string): boolean {
  const stat = lstatSync(folder)
  return (
    stat.isDirectory() && (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0))
  )
}

/** The sidecar of the nearest base at or above a folder, if it exists already. */
function sidecarNear(folder: string): string | undefined {
  const root = nearest(folder, CONFIG_FILE)
  const top = root === undefined ? undefined : nearest(root, '.git')
  if (top === undefined) return undefined
  const sidecar = join(top, '.git', 'kbgit')
  return existsSync(sidecar) ? sidecar : undefined
}

/** The nearest folder, at or above `folder`, that contains this name. */
function nearest(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at
    if (dirname(at) === at) return undefined
  }
}
