// A web page or file on the web as a candidate: fetched once, and what was fetched is what is hashed and kept.
import { join } from 'node:path'
import type { Base } from './io/base.ts'
import type { FileCandidate, Scanned } from './scan.ts'
import type { Failure } from './core/errors.ts'

export type Candidate = FileCandidate & { url?: string }

export async function fetchCandidate(
  base: Base,
  scanned: Extract<Scanned, { kind: 'url' }>,
  staging: string,
  options: { allowPrivate?: boolean; signal: AbortSignal },
): Promise<Candidate | { kind: 'failed'; origin: string; failure: Failure }> {
  const { fetchUrl } = await import('./io/fetch-url.ts')
  const { fetchBytesMax, fetchTimeoutMs, redirectsMax } = base.config.limits
  const path = join(staging, 'fetched')
  const fetched = await fetchUrl(scanned.url, path, {
    bytesMax: fetchBytesMax, timeoutMs: fetchTimeoutMs, redirectsMax, allowPrivate: options.allowPrivate ?? false, signal: options.signal,
  })
  if (!fetched.ok) return { kind: 'failed', origin: scanned.origin, failure: fetched.failure }
  return {
    kind: 'file', origin: scanned.origin, path: Buffer.from(path), stem: scanned.stem, extension: '', named: true,
    size: fetched.size, sha256: fetched.sha256, url: fetched.finalUrl,
  }
}
