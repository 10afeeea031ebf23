/** In registry and trailers. Changes when the same text would give other knowledge. Apart from the analysis, which is large to load. */
export const BUILTIN_COMPILER = 'builtin@1'
