// The part of commonmark.js that the tests use; it has no types of its own.
declare module 'commonmark' {
  export class Parser {
    parse(text: string): unknown
  }
  export class HtmlRenderer {
    constructor(options: { safe: boolean })
    render(tree: unknown): string
  }
}
