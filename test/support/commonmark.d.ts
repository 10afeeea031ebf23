// What the tests use of commonmark.js, which comes without types.
declare module 'commonmark' {
  export class Parser {
    parse(text: string): unknown
  }
  export class HtmlRenderer {
    constructor(options: { safe: boolean })
    render(tree: unknown): string
  }
}
