// Search while typing: results by kind under the field, walked with the arrow keys. Enter opens one, or all of them.
import { element, fetchJson } from './dom.ts'

/** `shown`: the passage as HTML of the viewer's own renderer, if it has formulas or code. */
type Hit = {
  title: string
  kind: string
  where: string
  passage: string
  shown?: string | undefined
  address: string
}
export type Found = { words: string; hits: Hit[] }

const KIND_NAMES: Record<string, string> = {
  document: 'Documents',
  concept: 'Concepts',
  entity: 'Entities',
  other: 'Other pages',
}
/** Milliseconds after a key before the server is asked: less than the pause between two keys. */
const PAUSE_MS = 60

/** Looks words up; `source` is the address of the search or its index. */
export type Find = (source: string, words: string, signal: AbortSignal) => Promise<Found>

export function mount(form: HTMLElement): void {
  mountWith(form, async (source, words, signal) => {
    const address = new URL(source, location.href)
    address.searchParams.set('q', words)
    return fetchJson<Found>(address.href, signal)
  })
}

export function mountWith(form: HTMLElement, find: Find): void {
  const input = form.querySelector('input[type=search]')
  const source = form.dataset['search'] ?? ''
  if (!(input instanceof HTMLInputElement) || source === '') return
  const palette = new Palette(form, input, source, find)
  palette.start()
}

class Palette {
  readonly #form: HTMLElement
  readonly #input: HTMLInputElement
  readonly #source: string
  readonly #find: Find
  readonly #list = element('div', { class: 'results', id: 'results', role: 'listbox', 'aria-label': 'Results' })
  #asking: AbortController | undefined
  #pause: ReturnType<typeof setTimeout> | undefined
  #chosen = -1

  constructor(form: HTMLElement, input: HTMLInputElement, source: string, find: Find) {
    this.#find = find
    this.#form = form
    this.#input = input
    this.#source = source
  }

  start(): void {
    const [form, input] = [this.#form, this.#input]
    this.#list.hidden = true
    form.append(this.#list)
    input.setAttribute('role', 'combobox')
    input.setAttribute('aria-expanded', 'false')
    input.setAttribute('aria-controls', 'results')
    input.setAttribute('aria-autocomplete', 'list')
    input.addEventListener('input', () => this.#ask())
    input.addEventListener('keydown', (event) => this.#key(event))
    input.addEventListener('focus', () => this.#list.childElementCount > 0 && this.#open(true))
    document.addEventListener('pointerdown', (event) => {
      if (event.target instanceof Node && !form.contains(event.target)) this.#open(false)
    })
    // Without a page of results, Enter opens the first one.
    if (document.documentElement.dataset['mode'] === 'site')
      form.addEventListener('submit', (event) => {
        event.preventDefault()
        this.#options()[0]?.click()
      })
    // What was typed before this script was there.
    if (document.activeElement === input) this.#ask()
  }

  #ask(): void {
    clearTimeout(this.#pause)
    this.#asking?.abort()
    const words = this.#input.value.trim()
    if (words === '') {
      this.#list.replaceChildren()
      this.#open(false)
      return
    }
    this.#pause = setTimeout(() => void this.#show(words), PAUSE_MS)
  }

  async #show(words: string): Promise<void> {
    const asking = (this.#asking = new AbortController())
    try {
      const found = await this.#find(this.#source, words, asking.signal)
      if (!asking.signal.aborted) this.#draw(found)
    } catch (error) {
      if (asking.signal.aborted) return
      this.#list.replaceChildren(element('p', { class: 'none' }, `Search does not answer: ${String(error)}`))
      this.#open(true)
    }
  }

  #draw({ words, hits }: Found): void {
    this.#chosen = -1
    const groups = new Map<string, Hit[]>()
    for (const hit of hits) groups.set(hit.kind, [...(groups.get(hit.kind) ?? []), hit])
    const shown = [...groups].map(([kind, some]) =>
      element(
        'div',
        { role: 'group', 'aria-label': KIND_NAMES[kind] ?? kind },
        element('p', { class: 'group', 'aria-hidden': 'true' }, KIND_NAMES[kind] ?? kind),
        ...some.map((hit) => row(hit, words)),
      ),
    )
    if (hits.length === 0) shown.push(element('div', { class: 'none' }, `Nothing has the words “${words}”.`))
    this.#list.replaceChildren(...shown, ...this.#further())
    for (const [index, option] of this.#options().entries()) option.id = `result-${index}`
    this.#open(true)
  }

  /** What else the words can do, for those who do not know the keys. */
  #further(): HTMLElement[] {
    const form = this.#form
    if (!(form instanceof HTMLFormElement) || document.documentElement.dataset['mode'] === 'site') return []
    const all = element('a', { href: this.#address().href, tabindex: '-1' }, 'All results (Enter)')
    const ask = element('a', { href: this.#address({ ask: '1' }).href, tabindex: '-1' }, 'Ask this (Tab)')
    return [element('div', { class: 'further' }, all, ...((form.dataset['ask'] ?? '') === '' ? [] : [ask]))]
  }

  /** Of the page of results. */
  #address(further: Record<string, string> = {}): URL {
    const form = this.#form as HTMLFormElement
    const address = new URL(form.action, location.href)
    for (const [name, value] of new FormData(form)) address.searchParams.set(name, String(value))
    for (const [name, value] of Object.entries(further)) address.searchParams.set(name, value)
    return address
  }

  #options(): HTMLElement[] {
    return [...this.#list.querySelectorAll<HTMLElement>('[role=option]')]
  }

  #key(event: KeyboardEvent): void {
    const options = this.#options()
    if (event.key === 'Escape') {
      if (this.#list.hidden) this.#input.blur()
      this.#open(false)
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (options.length === 0) return
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      this.#choose(
        (this.#chosen + step + options.length + (this.#chosen === -1 && step === -1 ? 1 : 0)) % options.length,
      )
    } else if (event.key === 'Enter' && this.#chosen !== -1) {
      event.preventDefault()
      options[this.#chosen]?.click()
    } else if (
      event.key === 'Tab' &&
      !event.shiftKey &&
      (this.#form.dataset['ask'] ?? '') !== '' &&
      this.#input.value.trim() !== ''
    ) {
      // The words become a question.
      event.preventDefault()
      location.assign(this.#address({ ask: '1' }))
    }
  }

  #choose(index: number): void {
    this.#chosen = index
    for (const [at, option] of this.#options().entries()) {
      option.setAttribute('aria-selected', String(at === index))
      if (at === index) option.scrollIntoView({ block: 'nearest' })
    }
    this.#input.setAttribute('aria-activedescendant', `result-${index}`)
  }

  #open(open: boolean): void {
    this.#list.hidden = !open
    this.#input.setAttribute('aria-expanded', String(open))
    if (!open) this.#input.removeAttribute('aria-activedescendant')
  }
}

function row(hit: Hit, words: string): HTMLElement {
  return element(
    'a',
    { role: 'option', 'aria-selected': 'false', href: hit.address, tabindex: '-1' },
    element('span', { class: `name to-${hit.kind}` }, hit.title),
    element('span', { class: 'meta' }, hit.where),
    passage(hit, words),
  )
}

function passage({ passage: text, shown }: Hit, words: string): HTMLElement {
  if (shown === undefined) return element('span', { class: 'passage' }, ...lit(text, words))
  const made = element('span', { class: 'passage' })
  made.innerHTML = shown
  // Between them.
  const nodes = Array.from(made.childNodes)
  for (const node of nodes) if (node instanceof Text) node.replaceWith(...lit(node.data, words))
  return made
}

/** The passage with the words of the query marked. */
export function lit(passage: string, words: string): (Node | string)[] {
  const parts = words.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1)
  if (parts.length === 0) return [passage]
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.map((word) => escaped(word)).join('|')})`, 'giu')
  const shown: (Node | string)[] = []
  let from = 0
  for (const match of passage.matchAll(wanted)) {
    shown.push(passage.slice(from, match.index), element('mark', {}, match[0]))
    from = match.index + match[0].length
  }
  return [...shown, passage.slice(from)]
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
