// Generates docs/schemas/: a JSON schema for what each command prints with --json, from the types of the results.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGenerator } from 'ts-json-schema-generator'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const RESULTS = join(ROOT, 'src/core/results.ts')
const FAMILIES = join(ROOT, 'src/core/results')
export const SCHEMA_FOLDER = join(ROOT, 'docs/schemas')

/**
 * From file name to schema, one for each exported type whose name ends in `Result`: `AddResult` → `add.json`. Fields
 * that a schema does not name are allowed, because later versions may add some; not if `closed`.
 */
export function schemas({ closed = false } = {}): Map<string, object> {
  const names = readdirSync(FAMILIES)
    .map((file) => readFileSync(join(FAMILIES, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/^export type (\w+)Result\b/gm)].map(([, name = '']) => name))
  const generator = createGenerator({
    path: RESULTS,
    tsconfig: join(ROOT, 'tsconfig.json'),
    skipTypeCheck: true,
    topRef: false,
    expose: 'export',
    sortProps: false,
    additionalProperties: !closed,
  })
  return new Map(
    names.sort().map((name) => {
      const { $schema, ...schema } = generator.createSchema(`${name}Result`)
      const title = `kbgit ${name.toLowerCase()} --json`
      return [`${name.toLowerCase()}.json`, { $schema, title, ...schema }]
    }),
  )
}

/** The files' text by name, as they are committed. */
export function schemaFiles(): Map<string, string> {
  return new Map([...schemas()].map(([file, schema]) => [file, `${JSON.stringify(schema, null, 2)}\n`]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(SCHEMA_FOLDER, { recursive: true })
  const files = schemaFiles()
  for (const name of readdirSync(SCHEMA_FOLDER)) if (!files.has(name)) rmSync(join(SCHEMA_FOLDER, name))
  for (const [name, text] of files) writeFileSync(join(SCHEMA_FOLDER, name), text)
}
