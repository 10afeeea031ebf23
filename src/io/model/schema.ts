import type { ZodType, z } from 'zod'

/**
 * Given zod, builds the shape of an answer or of a tool's input from plain types: objects, arrays, strings, numbers,
 * enums, nullables.
 */
export type SchemaOf<T> = (zod: typeof z) => ZodType<T>
