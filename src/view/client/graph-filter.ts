// Which nodes are shown and which are found, from the form above the graph.
import type { GraphPageData, GraphPageNode } from '../graph/types.ts'

export class GraphFilter {
  readonly #nodes: ReadonlyMap<string, GraphPageNode>
  readonly #themes: readonly { id: string }[]
  readonly #form: HTMLFormElement | null
  #kinds = new Set<string>()
  #theme = ''
  #words = ''

  constructor({ nodes, themes }: GraphPageData, box: HTMLElement) {
    this.#nodes = new Map(nodes.map((node) => [node.id, node]))
    this.#themes = themes
    this.#form = box.querySelector('form')
    this.#read()
  }

  get isFinding(): boolean {
    return this.#words !== ''
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
    this.#theme = String(values.get('theme') ?? '')
    this.#words = String(values.get('find') ?? '')
      .trim()
      .toLowerCase()
  }
}
