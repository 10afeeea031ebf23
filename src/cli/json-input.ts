// JSON that a command reads from a file or from standard input.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { KbError, messageOf } from '../core/errors.ts'
import type { Host } from './host.ts'

/** Bytes of the JSON text. */
const BYTES_MAX = 64 * 1024 ** 2

/** `name` is a path or `-`. Throws `KbError` (`usage`). */
export async function jsonInput(host: Host, name: string): Promise<unknown> {
  const shown = name === '-' ? 'standard input' : name
  let text: string
  try {
    text = name === '-' ? await textOf(host.stdin) : await readFile(resolve(host.cwd, name), 'utf8')
  } catch (error) {
    throw new KbError('usage', `${shown} cannot be read: ${messageOf(error)}.`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new KbError('usage', `${shown} is not JSON: ${messageOf(error)}.`)
  }
}

async function textOf(input: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of input) {
    size += chunk.length
    if (size > BYTES_MAX) throw new Error(`more than ${BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
