// Which nodes are shown and which are found, from the form above the graph. The address has the same.
import type { GraphPageData, GraphPageNode } from '../graph/types.ts'
import { searchOf, stateOf, type GraphState } from './graph-address.ts'

export class GraphFilter {
  readonly #nodes: ReadonlyMap<string, GraphPageNode>
  readonly #themes: readonly { id: string }[]
  readonly #form: HTMLFormElement | null
  #kinds = new Set<string>()
  #theme = ''
  #words = ''
  #chosen: string | undefined

  constructor({ nodes, themes }: GraphPageData, box: HTMLElement) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]))
    this.#themes = themes
    this.#form = box.querySelector('form')
    this.#fromAddress()
    this.#read()
  }

  get isFinding(): boolean {
    return this.#words !== ''
  }

  /** The node that is lit until another one is; it has no effect while it is not shown. */
  get chosen(): string | undefined {
    return this.#chosen !== undefined && this.shows(this.#chosen) ? this.#chosen : undefined
  }

  choose(id: string | undefined): void {
    this.#chosen = id
    this.#toAddress()
  }

  shows(id: string): boolean {
    const node = this.#nodes.get(id)
    if (node === undefined || (node.kind !== 'cluster' && !this.#kinds.has(node.kind))) return false
    return this.#theme === '' || (node.theme !== undefined && this.#themes[node.theme]?.id === this.#theme)
  }

  finds(id: string): boolean {
    if (this.#words === '' || !this.shows(id)) return false
    return this.#nodes.get(id)?.title.toLowerCase().includes(this.#words) === true
  }

  /** `recolour`: the colours mean something else now. */
  onChange(changed: (recolour: boolean) => void): void {
    this.#form?.addEventListener('input', (event) => {
      this.#read()
      this.#toAddress()
      changed(event.target instanceof HTMLSelectElement && event.target.name === 'colour')
    })
  }

  onEnter(entered: () => void): void {
    this.#form?.addEventListener('submit', (event) => {
      event.preventDefault()
      entered()
    })
  }

  #read(): void {
    if (this.#form === null) return
    const values = new FormData(this.#form)
    this.#kinds = new Set(values.getAll('kind').map(String))
    this.#theme = String(values.get('in') ?? '')
    this.#words = String(values.get('find') ?? '')
      .trim()
      .toLowerCase()
  }

  #fromAddress(): void {
    const { find, kinds, inTheme, colour, node } = stateOf(location.search)
    this.#chosen = this.#nodes.has(node) ? node : undefined
    if (this.#form === null) return
    for (const field of this.#form.elements) {
      if (field instanceof HTMLInputElement && field.type === 'checkbox')
        field.checked = kinds?.includes(field.value) ?? true
      else if (field instanceof HTMLInputElement && field.name === 'find') field.value = find
      else if (field instanceof HTMLSelectElement) {
        field.value = field.name === 'in' ? inTheme : colour
        // What the address names may not exist.
        if (field.selectedIndex === -1) field.selectedIndex = 0
      }
    }
  }

  #toAddress(): void {
    if (this.#form === null) return
    const boxes = [...this.#form.querySelectorAll<HTMLInputElement>('[name=kind]')]
    const text = (name: string): string => String(new FormData(this.#form ?? undefined).get(name) ?? '')
    writeState({
      find: text('find').trim(),
      kinds: boxes.every(({ checked }) => checked) ? undefined : [...this.#kinds],
      inTheme: this.#theme,
      colour: text('colour'),
      node: this.#chosen ?? '',
    })
  }
}

/** The page stays where it is in the browser's history: typing would fill it. */
function writeState(state: GraphState): void {
  try {
    history.replaceState(history.state, '', location.pathname + searchOf(location.search, state) + location.hash)
  } catch {
    // A browser may refuse it for a file on a disk.
  }
}
