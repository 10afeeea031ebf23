// A card at each citation of the text: the passage that it names, while the mark is hovered or focused.
import { element, fetchJson } from './dom.ts'

export function mount(list: HTMLElement): void {
  const card = element('div', { class: 'card', role: 'tooltip', id: 'citation-card' })
  card.hidden = true
  document.body.append(card)
  for (const mark of document.querySelectorAll<HTMLAnchorElement>('a[data-cite]')) {
    const source = list.querySelector<HTMLElement>(`#cite-${CSS.escape(mark.dataset['cite'] ?? '')}`)
    if (source === null) continue
    const show = (): void => {
      card.replaceChildren(...[...source.childNodes].map((node) => node.cloneNode(true)))
      card.hidden = false
      mark.setAttribute('aria-describedby', card.id)
      place(card, mark)
      void addPassage(card, mark, source)
    }
    const hide = (): void => {
      card.hidden = true
      mark.removeAttribute('aria-describedby')
    }
    mark.addEventListener('pointerenter', show)
    mark.addEventListener('focus', show)
    mark.addEventListener('pointerleave', hide)
    mark.addEventListener('blur', hide)
  }
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') card.hidden = true
  })
}

/** Unless the reader has gone on meanwhile. */
async function addPassage(card: HTMLElement, mark: HTMLElement, source: HTMLElement): Promise<void> {
  const passage = await around(source)
  if (passage === undefined || card.hidden || mark.getAttribute('aria-describedby') === null) return
  card.querySelector('q')?.replaceWith(passage)
  place(card, mark)
}

/** HTML of the viewer's own renderer: words and formulas. */
type Passage = { before: string; words: string; after: string }

const passages = new Map<string, Promise<Passage | null>>()

/** The quote with the words around it, as the document has them; undefined if they are not found there. */
async function around({ dataset: { passage: address = '' } }: HTMLElement): Promise<HTMLElement | undefined> {
  if (address === '') return undefined
  const known = passages.get(address)
  const asked =
    known ??
    fetchJson<{ passage: Passage | null }>(address).then(
      ({ passage }) => passage,
      () => null,
    )
  passages.set(address, asked)
  const found = await asked
  if (found === null) return undefined
  const passage = element('p', { class: 'around' })
  passage.innerHTML = `${found.before}<mark>${found.words}</mark>${found.after}`
  return passage
}

const GAP = 8

/** Below the mark, or above it where there is no room; inside the window. */
function place(card: HTMLElement, mark: HTMLElement): void {
  const at = mark.getBoundingClientRect()
  const { width, height } = card.getBoundingClientRect()
  const left = Math.max(GAP, Math.min(at.left, innerWidth - width - GAP))
  const below = at.bottom + GAP
  const top = below + height > innerHeight ? at.top - height - GAP : below
  card.style.translate = `${Math.round(left)}px ${Math.round(Math.max(GAP, top))}px`
}
