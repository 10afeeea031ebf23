// The text of a file that the store indexes: its beginning.
export type PageContent = string | Uint8Array | (() => AsyncIterable<Uint8Array>)

/**
 * Maximum number of bytes indexed per file. Only the beginning of a longer file is searchable, and only that much is
 * read.
 */
export const INDEXED_BYTES_MAX = 16 * 1024 * 1024

/** At most `INDEXED_BYTES_MAX` bytes, as text that ends with a complete character. */
export async function beginning(content: PageContent): Promise<{ text: string; cut: boolean }> {
  if (typeof content === 'string') return beginning(Buffer.from(content))
  if (content instanceof Uint8Array) return decode(content, content.length > INDEXED_BYTES_MAX)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content()) {
    chunks.push(chunk)
    size += chunk.length
    if (size > INDEXED_BYTES_MAX) return decode(Buffer.concat(chunks), true)
  }
  return decode(Buffer.concat(chunks), false)
}

function decode(content: Uint8Array, cut: boolean): { text: string; cut: boolean } {
  // With `stream`, an incomplete character at the end is held back instead of replaced.
  const text = new TextDecoder().decode(content.subarray(0, INDEXED_BYTES_MAX), { stream: cut })
  return { text, cut }
}
