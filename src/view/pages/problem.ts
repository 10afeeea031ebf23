// What went wrong, and what to do.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { Removal } from '../load/removal.ts'
import { shell, time } from './shell.ts'

/** Says when and by which commit a page went, with a way to its last version. */
export function removedPage({ name, what, by, before, place }: Removal, context: ViewContext): Html {
  const last = context.link({ ...place, at: before })
  const inTime = context.link({ kind: 'section', section: 'home', at: by.commit })
  const main = html`<header class="title"><h1>Removed</h1></header>
    <p class="lead">
      The ${what} <strong>${name}</strong> is not in the base ${context.moment.pinned ? 'at this moment' : 'any more'}.
    </p>
    <p>
      It went ${time(by.date)} with <a href="${inTime}"><code>${by.commit.slice(0, 8)}</code></a
      >, by ${by.author}: ${by.message.split('\n')[0] ?? ''}
    </p>
    <p><a href="${last}">See its last version</a></p>`
  return shell({ title: name, main }, context)
}

export type Problem = { title: string; message: string; hint?: string | undefined }

export function problemPage({ title, message, hint }: Problem, context: ViewContext): Html {
  const main = html`<header class="title"><h1>${title}</h1></header>
    <p class="lead">${message}</p>
    ${hint === undefined ? NOTHING : html`<p>${hint}</p>`}
    <p><a href="${context.link({ kind: 'section', section: 'home' })}">Go to the first page</a></p>`
  return shell({ title, main }, context)
}
