// Templates of pages: what is put into one is escaped, unless it is the result of another.
import { html as template, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Text that is safe to be put into a page. */
export type Html = HtmlEscapedString

/** Absent values and booleans add nothing; lists are joined. Pages are functions of values, so none is a promise. */
export function html(strings: TemplateStringsArray, ...values: unknown[]): Html {
  return template(strings, ...values) as Html
}

/** Marks text as HTML. Only for what a renderer of this room has made. */
export function trusted(text: string): Html {
  return raw(text)
}

export const NOTHING: Html = raw('')
