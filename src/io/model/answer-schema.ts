// The schema of an answer as JSON, and answers checked by it: for whoever answers without a provider in between.
import type { SchemaOf } from './schema.ts'

export type SchemaFault = { field: string; message: string }

export async function jsonSchemaOf<T>(schema: SchemaOf<T>): Promise<Record<string, unknown>> {
  const { z } = await import('zod')
  return z.toJSONSchema(schema(z))
}

/** The answer, or what in it does not fit, by field (`topics[2].name`). */
export async function checkAnswer<T>(
  schema: SchemaOf<T>,
  value: unknown,
): Promise<{ answer: T } | { faults: SchemaFault[] }> {
  const { z } = await import('zod')
  const parsed = schema(z).safeParse(value)
  if (parsed.success) return { answer: parsed.data }
  return {
    faults: parsed.error.issues.map(({ path, message }) => ({
      field: path.reduce<string>(
        (field, key) =>
          typeof key === 'number' ? `${field}[${key}]` : field === '' ? String(key) : `${field}.${String(key)}`,
        '',
      ),
      message,
    })),
  }
}
