// Which of several documents that had one name, one after the other, is to be purged.
import { KbError } from '../../core/errors.ts'
import type { DocumentRecord } from '../../core/document/document.ts'

/** `digest`: the beginning of the original's SHA-256, or `all`. */
export type Wanted = { name: string; digest?: string | undefined }

/** Hex digits that are shown, and that are needed at least. */
const SHOWN_DIGITS = 12
const DIGITS_MIN = 4
/** Documents named in a message. */
const SHOWN_MAX = 10

/** The digests of one candidate, or of all. Throws `KbError` (`usage`, `notFound`) with what there is to choose from. */
export function chooseLineage(
  { name, digest }: Wanted,
  candidates: readonly ReadonlySet<string>[],
  records: readonly DocumentRecord[],
): ReadonlySet<string> {
  const [only] = candidates
  if (digest === 'all') return candidates.reduce<Set<string>>((all, one) => all.union(one), new Set())
  if (digest === undefined) {
    if (only !== undefined && candidates.length === 1) return only
    throw new KbError(
      'usage',
      `${candidates.length} different documents have been called "${name}". Nothing was changed.`,
      {
        hint: `Choose one with --digest, or all of them with --digest all:\n${choices(candidates, records)}`,
      },
    )
  }
  if (!new RegExp(`^[0-9a-f]{${DIGITS_MIN},64}$`).test(digest))
    throw new KbError(
      'usage',
      `"${digest}" is not the beginning of a digest: at least ${DIGITS_MIN} hex digits, or "all".`,
      {
        hint: `"${name}" has been:\n${choices(candidates, records)}`,
      },
    )
  const fitting = candidates.filter((one) => [...one].some((each) => each.startsWith(digest)))
  const [found] = fitting
  if (found !== undefined && fitting.length === 1) return found
  throw new KbError(
    'notFound',
    `${fitting.length === 0 ? 'No document' : 'More than one document'} called "${name}" has a digest that begins with ${digest}.`,
    {
      hint: `Choose one of:\n${choices(candidates, records)}`,
    },
  )
}

/** A line for each: digest, title, when it was added. */
function choices(candidates: readonly ReadonlySet<string>[], records: readonly DocumentRecord[]): string {
  const lines = candidates.slice(0, SHOWN_MAX).map((digests) => {
    const versions = records
      .filter(({ sha256 }) => digests.has(sha256))
      .sort((a, b) => (a.addedAt < b.addedAt ? -1 : 1))
    const [first, last] = [versions[0], versions.at(-1)]
    return `  ${last?.sha256.slice(0, SHOWN_DIGITS)}  "${last?.title}", added ${first?.addedAt.slice(0, 10)}`
  })
  const more = candidates.length - lines.length
  return [...lines, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}
