// V8's code cache of kbgit's modules, in the sidecar of the base that a command is for: to compile them anew is a third
// of a short command, half of one from source. Found without asking git, and left alone where anything is unusual.
import { existsSync, statSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const CONFIG_FILE = 'kbgit.yaml'

/** Takes effect for modules that are loaded from here on, those of workers too. */
export function keepCode(argv: readonly string[], env: Record<string, string | undefined>, cwd: string): void {
  const sidecar = sidecarNear(resolve(cwd, baseNamed(argv) ?? (env['KBGIT_DIR'] || '.')))
  if (sidecar === undefined || env['NODE_COMPILE_CACHE'] !== undefined) return
  const { directory } = enableCompileCache(join(sidecar, 'code'))
  // Workers look for it here.
  if (directory !== undefined) env['NODE_COMPILE_CACHE'] = join(sidecar, 'code')
}

function baseNamed(argv: readonly string[]): string | undefined {
  const at = argv.indexOf('--kb')
  return at === -1 ? argv.find((word) => word.startsWith('--kb='))?.slice('--kb='.length) : argv[at + 1]
}

/** Of the nearest base at or above a folder, where it has one already and it is the user's own: what is in it is run. */
function sidecarNear(folder: string): string | undefined {
  const root = nearest(folder, CONFIG_FILE)
  const top = root === undefined ? undefined : nearest(root, '.git')
  if (top === undefined) return undefined
  const sidecar = join(top, '.git', 'kbgit')
  const own = process.getuid === undefined || statSync(sidecar, { throwIfNoEntry: false })?.uid === process.getuid()
  return own && existsSync(sidecar) ? sidecar : undefined
}

/** The folder at or above `folder` that has something of this name. */
function nearest(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, name))) return at
    if (dirname(at) === at) return undefined
  }
}
