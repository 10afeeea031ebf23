// The parser's tokens, as this room uses them.
import type markdownIt from 'markdown-it'

export type Parser = ReturnType<typeof markdownIt>
export type Token = ReturnType<Parser['parse']>[number]
export type Inlines = readonly Token[]
