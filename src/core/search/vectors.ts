// Vectors of texts: what a model returned, checked and made comparable.

/** Numbers of one vector. */
export const DIMENSIONS_MAX = 16_384

/**
 * Vectors of length 1, in order, from what a model or a server returned for `count` texts. A sentence for anything else: it is
 * not to be trusted.
 */
export function unitVectors(value: unknown, count: number): Float32Array[] | string {
  if (!Array.isArray(value) || value.length !== count)
    return `it returned ${Array.isArray(value) ? value.length : 'no'} vectors for ${count} texts`
  const found: Float32Array[] = []
  for (const numbers of value as unknown[]) {
    if (!Array.isArray(numbers) || numbers.length === 0 || numbers.length > DIMENSIONS_MAX)
      return 'it returned something that is no vector'
    if (numbers.length !== (found[0]?.length ?? numbers.length)) return 'it returned vectors of different lengths'
    if (!numbers.every((number) => typeof number === 'number' && Number.isFinite(number)))
      return 'it returned a vector with something else than numbers'
    const vector = Float32Array.from(numbers as number[])
    const length = Math.hypot(...chunkLengths(vector))
    if (!Number.isFinite(length) || length === 0) return 'it returned a vector without a direction'
    found.push(vector.map((number) => number / length))
  }
  return found
}

/** Whole numbers from -127 to 127 in the direction of the vector: a quarter of its bytes. */
export function quantized(vector: Float32Array): Int8Array {
  let most = 0
  for (const number of vector) most = Math.max(most, Math.abs(number))
  return Int8Array.from(vector, (number) => Math.round((number / Math.max(most, 1e-12)) * 127))
}

/** Vectors of one length, one after another, and the length of each in space. */
export type FlatVectors = { numbers: Int8Array; lengths: Float32Array; size: number }

/** Rows and cosines of the `limit` vectors nearest to `wanted`, best first. Looks at all. */
export function nearest({ numbers, lengths, size }: FlatVectors, wanted: Float32Array, limit: number): Near[] {
  const found: Near[] = []
  let least = -Infinity
  for (let row = 0, at = 0; row < lengths.length; row++) {
    let sum = 0
    for (let index = 0; index < size; index++, at++) sum += (numbers[at] ?? 0) * (wanted[index] ?? 0)
    const cosine = sum / (lengths[row] ?? 1)
    if (found.length >= limit && cosine <= least) continue
    found.push({ row, cosine })
    // Sorted now and then, not for each.
    if (found.length >= 2 * limit) least = cut(found, limit)
    else if (found.length <= limit) least = Math.min(least === -Infinity ? cosine : least, cosine)
  }
  cut(found, limit)
  return found
}

export type Near = { row: number; cosine: number }

/** Keeps the best in order; returns the least of them. */
function cut(found: Near[], limit: number): number {
  found.sort((a, b) => b.cosine - a.cosine || a.row - b.row)
  if (found.length > limit) found.length = limit
  return found.at(-1)?.cosine ?? -Infinity
}

/** A vector may have more numbers than a call takes arguments. */
function chunkLengths(vector: Float32Array): number[] {
  const lengths: number[] = []
  for (let from = 0; from < vector.length; from += 1_024)
    lengths.push(Math.hypot(...vector.subarray(from, from + 1_024)))
  return lengths
}
