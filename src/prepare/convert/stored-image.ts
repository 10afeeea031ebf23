// Pictures embedded in a text as `data:` addresses (RFC 2397).
import type { ConvertTask } from './converter.ts'

/** An image embedded in the page is stored; all others stay where they are. */
export function storedImage(source: string, task: Pick<ConvertTask, 'images'>): string | undefined {
  const data = /^data:image\/[\w.+-]+;base64,([\w+/=\s]+)$/i.exec(source)?.[1]
  if (data !== undefined) return task.images.add(Buffer.from(data, 'base64'))
  return /^data:/i.test(source) ? undefined : source
}
