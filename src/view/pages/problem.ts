// What went wrong, and what to do.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { shell } from './shell.ts'

export type Problem = { title: string; message: string; hint?: string | undefined }

export function problemPage({ title, message, hint }: Problem, context: ViewContext): Html {
  const main = html`<header class="title"><h1>${title}</h1></header>
    <p class="lead">${message}</p>
    ${hint === undefined ? NOTHING : html`<p>${hint}</p>`}
    <p><a href="${context.link({ kind: 'section', section: 'home' })}">Go to the first page</a></p>`
  return shell({ title, main }, context)
}
