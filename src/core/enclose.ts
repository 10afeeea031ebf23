// How text that nobody vouches for is handed to a model.
import { createHash } from 'node:crypto'

/**
 * Puts the text between tags that it cannot close or open, since their name is a hash of it. The same text gives the
 * same tags, so that the same question is the same request.
 */
export function enclose(kind: string, text: string): { name: string; block: string } {
  const name = `${kind}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  return { name, block: `<${name}>\n${text}\n</${name}>` }
}
