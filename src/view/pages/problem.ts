// What went wrong, and what to do.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { Removal } from '../load/removal.ts'
import { shell, time } from './shell.ts'

/** Says when and by which commit a document went, with a way to its last version. */
export function removedPage({ name, by, place }: Removal, context: ViewContext): Html {
  const before = context.link({ ...place, at: `${by.commit}~1` })
  const main = html`<header class="title"><h1>Removed</h1></header>
    <p class="lead">The document <strong>${name}</strong> is not in the base any more.</p>
    <p>
      It went ${time(by.date)} with <code>${by.commit.slice(0, 8)}</code>, by ${by.author}:
      ${by.message.split('\n')[0] ?? ''}
    </p>
    <p><a href="${before}">See its last version</a></p>`
  return shell({ title: name, section: 'documents', main }, context)
}

export type Problem = { title: string; message: string; hint?: string | undefined }

export function problemPage({ title, message, hint }: Problem, context: ViewContext): Html {
  const main = html`<header class="title"><h1>${title}</h1></header>
    <p class="lead">${message}</p>
    ${hint === undefined ? NOTHING : html`<p>${hint}</p>`}
    <p><a href="${context.link({ kind: 'section', section: 'home' })}">Go to the first page</a></p>`
  return shell({ title, main }, context)
}
