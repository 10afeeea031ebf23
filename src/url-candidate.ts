// A web page or a file on the web as a candidate: fetched once, and what was fetched is what is hashed and kept.
import { join } from 'node:path'
import { DocumentError, type Failure } from './core/errors.ts'
import type { Base } from './io/base.ts'
import type { FileCandidate, Scanned } from './scan.ts'

/**
 * `url`: of a fetched one, where the last redirect led. `was`: of a renamed file, the digest of the document that it was
 * then.
 */
export type Candidate = FileCandidate & { url?: string; was?: string }

export async function fetchCandidate(
  base: Base,
  { origin, url, stem }: Extract<Scanned, { kind: 'url' }>,
  staging: string,
  options: { allowPrivate?: boolean; signal: AbortSignal },
): Promise<Candidate | { kind: 'failed'; origin: string; failure: Failure }> {
  const { fetchUrl } = await import('./io/fetch-url.ts')
  const path = join(staging, 'fetched')
  try {
    const fetched = await fetchUrl(url, path, { limits: base.config.limits, allowPrivate: options.allowPrivate ?? false, signal: options.signal })
    return {
      kind: 'file', origin, path: Buffer.from(path), stem, extension: '', named: true,
      size: fetched.size, sha256: fetched.sha256, url: fetched.finalUrl,
    }
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    return { kind: 'failed', origin, failure: error.failure }
  }
}
