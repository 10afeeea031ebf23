// How untrusted text is passed to a model.
import { createHash } from 'node:crypto'

/**
 * Puts the text between tags that it cannot open or close, because their name is a hash of the text. The same text gets
 * the same tags, so the same question is the same request.
 */
export function enclose(kind: string, text: string): { name: string; block: string } {
  const name = `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  return { name, block: `<${name}>\n${text}\n</${name}>` }
}
