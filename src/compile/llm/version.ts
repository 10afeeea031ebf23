/** Changes when the same answers would produce other pages. */
export const LLM_COMPILER = 'llm@1'
