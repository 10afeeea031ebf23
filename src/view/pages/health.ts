// The health of the base, each thing with the command that mends it.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { Ailment, HealthData } from '../load/health.ts'
import { commandLine } from './command-line.ts'
import { shell } from './shell.ts'
import { counted } from './words.ts'

export function healthPage(data: HealthData, context: ViewContext): Html {
  const { ailments, status } = data
  const main = html` <header class="title">
      <h1>Health</h1>
      <p class="lead">
        ${ailments.length === 0 ? 'Everything is in order.' : `${counted(ailments.length, 'thing')} to look at.`}
      </p>
    </header>
    ${
      ailments.length === 0
        ? NOTHING
        : html`<ul class="rows ailments">
            ${ailments.map(ailment)}
          </ul>`
    }
    <section aria-labelledby="fsck">
      <h2 id="fsck">Every invariant</h2>
      ${invariants(data, context)}
    </section>
    <section aria-labelledby="lint">
      <h2 id="lint">The wiki</h2>
      ${
        data.lint === undefined
          ? html`<p>
              Broken links, orphans, stale pages and the like are looked for by this command, which writes a report:
            </p>`
          : html`<p>
              The newest report of broken links, orphans and stale pages:
              <a href="${context.link({ kind: 'report', name: data.lint.name })}">${data.lint.name}</a>. This command
              writes another:
            </p>`
      }
      ${commandLine('kbgit lint')}
    </section>
    <section aria-labelledby="state">
      <h2 id="state">State</h2>
      <dl class="facts">
        <dt>Base</dt>
        <dd><code>${status.root}</code></dd>
        <dt>Branch</dt>
        <dd>${status.branch ?? 'detached'} at <code>${status.head.slice(0, 8)}</code></dd>
        <dt>Git hooks</dt>
        <dd>${hooksInWords(status.hooks)}</dd>
        <dt>Search</dt>
        <dd>${counted(status.sidecar.documents, 'text')} indexed</dd>
      </dl>
    </section>`
  return shell({ title: 'Health', section: 'health', main }, context)
}

function ailment({ what, details, command }: Ailment): Html {
  return html`<li>
    <strong>${what}</strong>
    ${
      details.length === 0
        ? NOTHING
        : html`<ul class="details">
            ${details.map((detail) => html`<li><code>${detail}</code></li>`)}
          </ul>`
    }
    ${command === undefined ? NOTHING : commandLine(command)}
  </li>`
}

function invariants({ fsck }: HealthData, { link }: ViewContext): Html {
  const address = link({ kind: 'section', section: 'health', query: { check: '1' } })
  if (fsck === undefined)
    return html`<p>
      <a href="${address}" rel="nofollow" data-no-prefetch>Check them now</a>. All pages and originals are read.
    </p>`
  const counts = COUNTED.flatMap(([key, one]) => {
    const number = fsck.checked[key]
    return number === undefined ? [] : [counted(number, one)]
  })
  if (fsck.ok) return html`<p class="good">No problems in ${counts.join(', ')}.</p>`
  return html`<p class="bad">${counted(fsck.problems.length, 'problem')} in ${counts.join(', ')}.</p>
    <ul class="rows ailments">
      ${fsck.problems.slice(0, 200).map(
        ({ code, path, message, fix }) =>
          html`<li>
            <code>${path}</code>: ${message} <span class="meta">${code}</span>
            ${fix === undefined ? NOTHING : html`<p>${fix}</p>`}
          </li>`,
      )}
    </ul>`
}

/** What `fsck` counts, as a person reads it. */
const COUNTED: [key: string, one: string][] = [
  ['documents', 'document'],
  ['originals', 'original'],
  ['texts', 'text'],
  ['pages', 'page'],
  ['topicPages', 'topic page'],
  ['links', 'link'],
]

/** By what they are: most bases have all of them, or none. */
function hooksInWords(hooks: Record<string, string>): string {
  const byState = Map.groupBy(Object.entries(hooks), ([, state]) => state)
  if (byState.size === 1) return `all ${[...byState.keys()].join('')}`
  return [...byState].map(([state, some]) => `${state}: ${some.map(([name]) => name).join(', ')}`).join('; ')
}
