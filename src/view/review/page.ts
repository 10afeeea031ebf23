// Reviews: changes on branches of their own, in words, and with `--write` what a person decides.
import type { ReviewedDocument, ReviewedPage, ReviewShowResult, ReviewSummary } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { commandLine } from '../pages/command-line.ts'
import { shell, time } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'
import { placeOfPath } from '../wiki-places.ts'

export function reviewsPage(reviews: readonly ReviewSummary[], context: ViewContext): Html {
  const main = html` <header class="title">
      <h1>Reviews</h1>
      <p class="lead">
        ${reviews.length === 0 ? 'Nothing waits for a decision.' : `${counted(reviews.length, 'review')} to decide.`}
      </p>
    </header>
    <ul class="rows">
      ${reviews.map((review) => reviewRow(review, context))}
    </ul>
    <p class="note">
      A change waits here if it was added with this option, or if <code>review</code> in <code>kbgit.yaml</code> asks
      for it. Each review is a branch of git.
    </p>
    ${commandLine('kbgit add --review <file>')}`
  return shell({ title: 'Reviews', section: 'reviews', main }, context)
}

function reviewRow(review: ReviewSummary, { link }: ViewContext): Html {
  const { number, reasons, date, merged } = review
  return html`<li>
    <a href="${link({ kind: 'review', number })}">Review ${number}</a>
    <span class="meta">${origin(review)} · ${time(date)}</span>
    <p>${contents(review)}${merged ? '. The branch has it already' : ''}</p>
    ${reasons.map((reason) => html`<p>${reason}</p>`)}
  </li>`
}

function origin({ agents, author, commits }: ReviewSummary): string {
  return `${counted(commits, 'commit')} by ${agents.length === 0 ? author : agents.join(', ')}`
}

const NAMED_MAX = 5

function contents({ documents }: ReviewSummary): string {
  if (documents.length === 0) return 'Edits of pages'
  const more = documents.length > NAMED_MAX ? ` and ${documents.length - NAMED_MAX} more` : ''
  return `${documents.slice(0, NAMED_MAX).join(', ')}${more}`
}

export function reviewPage(review: ReviewShowResult, context: ViewContext): Html {
  const { number, changes, reasons, merged, date, branch } = review
  const { documents, pages, morePages } = changes
  const main = html` <header class="title">
      <p class="kind">${origin(review)} · ${time(date)}</p>
      <h1>Review ${number}</h1>
      <p class="lead">
        ${merged ? 'The branch has all of it already: accepting only closes it.' : 'What accepting it would change now.'}
      </p>
      ${reasons.map((reason) => html`<p class="reason">${reason}</p>`)}
    </header>
    ${context.writable ? decision(review) : NOTHING}
    ${
      documents.length === 0
        ? NOTHING
        : html`<section aria-labelledby="documents">
            <h2 id="documents">${counted(documents.length, 'document')}</h2>
            <ul class="rows">
              ${documents.map((document) => documentRow(document, review, context))}
            </ul>
          </section>`
    }
    ${
      pages.length === 0
        ? NOTHING
        : html`<section aria-labelledby="pages">
            <h2 id="pages">${counted(pages.length + morePages, 'page')}</h2>
            <ul class="rows statements">
              ${pages.map((page) => pageRow(page, review, context))}
            </ul>
            ${morePages === 0 ? NOTHING : html`<p class="note">${counted(morePages, 'more page')} with fewer words.</p>`}
          </section>`
    }
    ${documents.length + pages.length === 0 ? html`<p class="note">It would change no page.</p>` : NOTHING}
    <section aria-labelledby="decide">
      <h2 id="decide">With git and kbgit</h2>
      ${commandLine(`kbgit review accept ${number}\nkbgit review reject ${number} --reason "…"\ngit diff ...${branch}`)}
    </section>`
  return shell({ title: `Review ${number}`, section: 'reviews', main }, context)
}

/** The island shows it in a tab that may write. */
function decision({ number, documents }: ReviewSummary): Html {
  return html`<div
    class="decision"
    data-island="review"
    data-number="${String(number)}"
    data-documents="${String(documents.length)}"
    hidden
  ></div>`
}

function documentRow(document: ReviewedDocument, { head }: ReviewSummary, { link, writable }: ViewContext): Html {
  const { name, title, change, accepted, format, pages, model, compiler, warnings = [] } = document
  const facts = [format, pages === undefined ? undefined : counted(pages, 'page'), model ?? compiler]
  const at = change === 'removed' ? null : head
  const state = accepted ? 'accepted already' : change
  return html`<li>
    ${
      writable && !accepted
        ? html`<input type="checkbox" class="chosen" value="${name}" aria-label="Choose ${title}" hidden /> `
        : NOTHING
    }<a class="to-document" href="${link({ kind: 'document', name, at })}">${title}</a>
    <span class="meta">${[state, ...facts.filter((fact) => fact !== undefined)].join(' · ')}</span>
    ${warnings.map(({ message }) => html`<p class="bad">${message}</p>`)}
  </li>`
}

const STATES: Record<ReviewedPage['change'], string> = { new: 'new', changed: 'changed', deleted: 'goes' }

function pageRow(page: ReviewedPage, { head }: ReviewSummary, { link, moment }: ViewContext): Html {
  const { path, title, change, kind, added, dropped } = page
  const place = placeOfPath(path) ?? { kind: 'page' as const, path }
  const address =
    change === 'changed'
      ? link({ kind: 'history', path, query: { from: moment.commit }, at: head })
      : link({ ...place, at: change === 'new' ? head : null })
  return html`<li>
    <a href="${address}">${title}</a> <span class="meta">${kind} · ${STATES[change]}</span>
    ${
      added.length + dropped.length === 0
        ? NOTHING
        : html`<ul class="plain differences">
            ${dropped.map((statement) => html`<li><del>${statement}</del></li>`)}
            ${added.map((statement) => html`<li><ins>${statement}</ins></li>`)}
          </ul>`
    }
  </li>`
}
