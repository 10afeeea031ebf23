/**
 * Recorded in registry and trailers. Changes when the same text would produce other knowledge. Kept apart from the
 * analysis, which is large to load.
 */
export const BUILTIN_COMPILER = 'builtin@5'
