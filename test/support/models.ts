// Models that use the test server, and documents staged as preparation would stage them.
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Prepared } from '../../src/core/document/prepared.ts'
import type { ModelClock } from '../../src/io/model/gate.ts'
import { openModel, type Model, type ModelOptions } from '../../src/io/model/model.ts'

/** A clock whose waits end at once and are recorded. */
export function jumpingClock(): ModelClock & { waits: number[] } {
  let now = Date.UTC(2026, 0, 1)
  const waits: number[] = []
  return {
    waits,
    now: () => now,
    sleep: (ms, signal) => {
      signal.throwIfAborted()
      waits.push(ms)
      now += ms
      return Promise.resolve()
    },
  }
}

export const IDS = [
  'openai/gpt-test',
  'anthropic/claude-test',
  'anthropic/claude-sonnet-4-5',
  'google/gemini-test',
  'ollama/llama-test',
  'compatible/any-test',
]

/** The environment that directs every provider to one server. */
export function serverEnvironment(url: string): Record<string, string> {
  return {
    OPENAI_BASE_URL: url,
    ANTHROPIC_BASE_URL: url,
    GOOGLE_BASE_URL: url,
    OLLAMA_BASE_URL: url,
    OPENAI_API_KEY: 'k',
    ANTHROPIC_API_KEY: 'k',
    GOOGLE_API_KEY: 'k',
  }
}

export function openTestModel(url: string, options: Partial<ModelOptions> = {}): Promise<Model> {
  return openModel({
    id: 'openai/gpt-test',
    env: serverEnvironment(url),
    concurrency: 5,
    retries: 4,
    signal: new AbortController().signal,
    clock: jumpingClock(),
    ...options,
  })
}

export type Folder = { path: string; [Symbol.asyncDispose]: () => Promise<void> }

export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'kbgit-model-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

export async function stageShort(staging: string, text: string, more: Partial<Prepared> = {}): Promise<Prepared> {
  await writeFile(join(staging, 'source.md'), text)
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    size: text.length,
    format: 'md',
    kind: 'short',
    original: 'original',
    text: 'source.md',
    textSize: Buffer.byteLength(text),
    images: [],
    outline: [],
    notes: [],
    ...more,
  }
}

export async function stageLong(
  staging: string,
  pages: string[],
  structure: unknown[],
  more: Partial<Prepared> = {},
): Promise<Prepared> {
  const text = `[${pages.map((content, index) => JSON.stringify({ page: index + 1, content, images: [] })).join(',\n')}]\n`
  await writeFile(join(staging, 'source.json'), text)
  await writeFile(join(staging, 'tree.json'), JSON.stringify({ structure }))
  return {
    sha256: createHash('sha256').update(text).digest('hex'),
    size: text.length,
    format: 'pdf',
    kind: 'long',
    pages: pages.length,
    original: 'original',
    text: 'source.json',
    textSize: Buffer.byteLength(text),
    tree: 'tree.json',
    images: [],
    outline: [],
    notes: [],
    ...more,
  }
}
