// Fetches a URL as a candidate, exactly once: the fetched bytes are what is hashed and stored.
import { join } from 'node:path'
import { DocumentError, type Failure } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import type { Fetched } from '../../io/web/fetch-url.ts'
import type { FileCandidate, Scanned } from '../../scan/scan.ts'

/**
 * For fetched candidates: `url` is where the last redirect led, `encoding` is the encoding that the server declared.
 * For a renamed file, `previousDigest` is the digest of the document under its earlier name. `force`: process it even
 * if its content is known, because it is read with other settings.
 */
export type Candidate = FileCandidate & {
  url?: string | undefined
  encoding?: string | undefined
  previousDigest?: string | undefined
  force?: boolean | undefined
  /** In the order of the run; see `RunNames`. */
  position?: number | undefined
}

/** A fetched page as a document. `extension`: what `extensionOfFetched` says. */
export function fetchedCandidate(
  { path, size, sha256, finalUrl, charset }: Fetched,
  { origin, stem, extension }: Pick<Candidate, 'origin' | 'stem' | 'extension'>,
): Candidate {
  return {
    kind: 'file',
    origin,
    path: Buffer.from(path),
    stem,
    extension,
    named: true,
    size,
    sha256,
    url: finalUrl,
    encoding: charset,
  }
}

export async function fetchCandidate(
  base: Base,
  { origin, url, stem }: Extract<Scanned, { kind: 'url' }>,
  staging: string,
  options: { allowPrivate?: boolean; signal: AbortSignal },
): Promise<Candidate | { kind: 'failed'; origin: string; failure: Failure }> {
  const { extensionOfFetched, fetchUrl } = await import('../../io/web/fetch-url.ts')
  const path = join(staging, 'fetched')
  try {
    const fetched = await fetchUrl(url, path, {
      limits: base.config.limits,
      allowPrivate: options.allowPrivate ?? false,
      signal: options.signal,
    })
    return fetchedCandidate(fetched, { origin, stem, extension: extensionOfFetched(fetched) })
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    return { kind: 'failed', origin, failure: error.failure }
  }
}
