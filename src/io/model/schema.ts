import type { ZodType, z } from 'zod'

/** Given zod, the shape of an answer or of a tool's input. Plain: objects, arrays, texts, numbers, enums, nullables. */
export type SchemaOf<T> = (zod: typeof z) => ZodType<T>
