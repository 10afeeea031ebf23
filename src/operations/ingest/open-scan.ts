// Configures a scan for a base: skips kbgit's own files, uses the stat cache, and knows the convertible formats.
import { INBOX } from '../../core/layout.ts'
import { toByteString } from '../../core/document/source-path.ts'
import type { Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { StatCache } from '../../scan/stat-cache.ts'
import { KNOWN_EXTENSIONS, placeable } from '../../prepare/place.ts'
import { Scan } from '../../scan/scan.ts'
import { VERSION } from '../../version.ts'

/** Entries that kbgit owns at the root of a base. */
export const OWNED = ['raw', 'wiki', 'documents', 'kbgit.yaml', 'sources.yaml']

export type ScanSettings = {
  cwd: string
  exclude?: string[]
  /** Absolute paths: files found in folders are skipped unless listed here. */
  only?: string[]
  /** Also add what git ignores. */
  noGitignore?: boolean
  /** The base's own `.kbgitignore`, if it is not on disk. */
  ignore?: string | undefined
  signal?: AbortSignal | undefined
}

export function openScan(
  base: Base,
  inputs: string[],
  { cwd, exclude, only, noGitignore = false, ignore, signal }: ScanSettings,
): Disposable & { scan: Scan } {
  // Other versions of kbgit may support other formats, so their entries do not apply.
  const cache = new StatCache(sidecarPath(base, 'statCache'), { generation: VERSION, logger: base.logger })
  const scan = new Scan(inputs, {
    cwd,
    base: { root: base.root, owned: OWNED, inbox: INBOX, ignore },
    leftOut: [base.repository.gitDir, base.repository.commonDir],
    exclude,
    gitignore: noGitignore ? undefined : { env: base.env, gitDir: base.repository.gitDir },
    onLeftOut: (path, reason) => base.logger.debug({ path, reason }, 'left out'),
    only: only === undefined ? undefined : new Set(only.map(toByteString)),
    extensions: KNOWN_EXTENSIONS,
    place: placeable,
    sourceBytesMax: base.config.limits.sourceBytesMax,
    cache,
    clockNs: () => BigInt(Date.now()) * 1_000_000n,
    signal,
  })
  return { scan, [Symbol.dispose]: () => cache[Symbol.dispose]() }
}
