// Digests of originals that were read before, kept in the stat cache.
import { lstatSync } from 'node:fs'
import { digestFile } from '../../io/file-digest.ts'
import type { Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import type { KnownDigests } from '../../read/originals.ts'
import { StatCache } from '../../scan/stat-cache.ts'
import { VERSION } from '../../version.ts'

/** What `status` remembers. */
export type SoundOriginals = {
  /** The last commit whose originals in git were all found to be what was added. */
  soundCommit: () => string | undefined
  keepSoundCommit: (commit: string) => void
}

/** Never throws because of the cache: in a base that cannot be written to, nothing is kept. */
export function knownDigests(
  base: Pick<Base, 'sidecarDir' | 'logger' | 'prefix'>,
): KnownDigests & SoundOriginals & Disposable {
  const cache = new StatCache(sidecarPath(base, 'statCache'), { generation: VERSION, logger: base.logger })
  const sound = `sound originals ${base.prefix}`
  return {
    soundCommit: () => cache.mark(sound),
    keepSoundCommit: (commit) => cache.putMark(sound, commit),
    ofObject: (oid) => cache.objectDigest(oid),
    keepObject: (oid, sha256) => cache.putObject(oid, sha256),
    ofFile: async (file) => {
      const path = Buffer.from(file)
      const readAtNs = BigInt(Date.now()) * 1_000_000n
      const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false })
      if (stat?.isFile() !== true) return undefined
      const known = cache.get(path, stat)
      if (known !== undefined && known !== 'unplaced') return known.sha256
      const digest = await digestFile(path).catch(() => undefined)
      if (digest?.kind !== 'digest') return undefined
      cache.put(path, digest.stat, { sha256: digest.sha256 }, readAtNs)
      return digest.sha256
    },
    [Symbol.dispose]: () => cache[Symbol.dispose](),
  }
}
