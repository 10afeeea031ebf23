// docs/schemas/ is what the types say; that it is also what commands print is in schemas.slow.test.ts.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SCHEMA_FOLDER, schemaFiles } from '../../tools/schemas.ts'

describe('docs/schemas/', () => {
  it('has what "npm run schemas" writes', () => {
    const files = Object.fromEntries(
      readdirSync(SCHEMA_FOLDER).map((name) => [name, readFileSync(join(SCHEMA_FOLDER, name), 'utf8')]),
    )
    expect(files, 'run "npm run schemas"').toEqual(Object.fromEntries(schemaFiles()))
  })
})
