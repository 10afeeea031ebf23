// The bar of time: every commit as a mark, a slider over them, and the whole page at the moment that is chosen.
import { element, fetchJson } from './dom.ts'

type Mark = { commit: string; date: string; kind: string; text: string }
type Marks = { marks: Mark[] }

const KINDS: [kind: string, label: string][] = [
  ['added', 'added'],
  ['updated', 'updated'],
  ['edited', 'edited by a person'],
  ['overview', 'overview'],
  ['removed', 'removed'],
]
/** More marks than the track has room for become bars. */
const DENSE_PIXELS = 5

export function mount(link: HTMLElement): void {
  link.setAttribute('role', 'button')
  link.setAttribute('aria-expanded', 'false')
  let bar: HTMLElement | undefined
  const toggle = async (): Promise<void> => {
    if (bar !== undefined) {
      bar.remove()
      bar = undefined
      document.body.classList.remove('has-timebar')
      link.setAttribute('aria-expanded', 'false')
      link.focus()
      return
    }
    const { marks } = await fetchJson<Marks>(link.dataset['marks'] ?? '')
    bar = barOf(marks, () => void toggle())
    document.body.append(bar)
    document.body.classList.add('has-timebar')
    link.setAttribute('aria-expanded', 'true')
    bar.querySelector('input')?.focus()
  }
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void toggle()
  })
  if (wasOpen()) void toggle()
  link.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return
    event.preventDefault()
    void toggle()
  })
}

function barOf(marks: Mark[], close: () => void): HTMLElement {
  const here = placeOfMoment(marks)
  const slider = element('input', {
    type: 'range',
    min: '0',
    max: String(marks.length - 1),
    step: '1',
    value: String(here),
    'aria-label': 'Moment',
  })
  const canvas = element('canvas', { 'aria-hidden': 'true' })
  const what = element('span', { class: 'what' })
  const when = element('strong', {})
  const say = (): void => {
    const mark = marks[Number(slider.value)]
    if (mark === undefined) return
    when.textContent = exactly(mark.date)
    what.textContent = mark.text
    slider.setAttribute('aria-valuetext', `${exactly(mark.date)}: ${mark.text}`)
  }
  const go = (): void => visit(marks, Number(slider.value))
  const step = (by: number): void => {
    slider.value = String(Number(slider.value) + by)
    say()
    go()
  }
  const earlier = element('button', { type: 'button', 'aria-label': 'One commit earlier' }, '◀')
  const later = element('button', { type: 'button', 'aria-label': 'One commit later' }, '▶')
  earlier.addEventListener('click', () => step(-1))
  later.addEventListener('click', () => step(1))
  slider.addEventListener('input', say)
  slider.addEventListener('change', go)
  const shut = element('button', { type: 'button' }, 'Close')
  shut.addEventListener('click', close)
  const bar = element(
    'section',
    { class: 'timebar', 'aria-label': 'Time' },
    earlier,
    element('div', { class: 'track' }, canvas, slider),
    later,
    element('div', { class: 'said' }, when, what, compareLink(), legend(), shut),
  )
  bar.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close()
  })
  say()
  requestAnimationFrame(() => draw(canvas, marks))
  addEventListener('resize', () => draw(canvas, marks))
  return bar
}

/** The mark of the commit that is shown; of one that did not touch the base, the mark before it. */
function placeOfMoment(marks: readonly Mark[]): number {
  const { commit = '', date = '' } = document.body.dataset
  const own = marks.findIndex((mark) => mark.commit === commit)
  if (own !== -1) return own
  const after = marks.findIndex((mark) => Date.parse(mark.date) > Date.parse(date))
  return after === -1 ? marks.length - 1 : Math.max(0, after - 1)
}

/** The page at another moment; the newest has no revision in its address. */
function visit(marks: readonly Mark[], index: number): void {
  const mark = marks[index]
  if (mark === undefined || mark.commit === document.body.dataset['commit']) return
  const address = new URL(location.href)
  if (index === marks.length - 1) address.searchParams.delete('at')
  else address.searchParams.set('at', mark.commit)
  try {
    sessionStorage.setItem('kbgit-timebar', 'open')
  } catch {
    // The bar is closed on the next page, then.
  }
  location.href = address.href
}

function compareLink(): HTMLElement {
  const address = document.body.dataset['compare'] ?? ''
  if (address === '') return element('span', {})
  return element('a', { href: address }, 'Compare with now')
}

function legend(): HTMLElement {
  return element(
    'span',
    { class: 'legend', 'aria-hidden': 'true' },
    ...KINDS.map(([kind, label]) => element('span', { class: `mark-${kind}` }, label)),
  )
}

/** Marks above their places on the slider; where they are dense, a bar as high as there are commits. */
function draw(canvas: HTMLCanvasElement, marks: readonly Mark[]): void {
  const { width, height } = canvas.getBoundingClientRect()
  const ratio = devicePixelRatio
  canvas.width = width * ratio
  canvas.height = height * ratio
  const pen = canvas.getContext('2d')
  if (pen === null || width === 0) return
  pen.scale(ratio, ratio)
  const colour = new Map(KINDS.map(([kind]) => [kind, resolved(`--mark-${kind}`)]))
  const plain = resolved('--strong-line')
  const columns = Math.max(1, Math.floor(width / DENSE_PIXELS))
  const dense = marks.length > columns
  const bins = new Map<number, Mark[]>()
  for (const [index, mark] of marks.entries()) {
    const share = marks.length === 1 ? 0.5 : index / (marks.length - 1)
    const bin = dense ? Math.round(share * columns) : index
    bins.set(bin, [...(bins.get(bin) ?? []), mark])
  }
  const most = Math.max(...[...bins.values()].map((bin) => bin.length))
  for (const [bin, list] of bins) {
    const share = dense ? bin / columns : marks.length === 1 ? 0.5 : bin / (marks.length - 1)
    // The thumb of a slider stops half of its width before the ends.
    const x = 8 + share * (width - 16)
    const kind = list.find(({ kind: one }) => one !== 'other')?.kind ?? 'other'
    pen.fillStyle = colour.get(kind) ?? plain
    const tall = dense ? 3 + (list.length / most) * 18 : 9
    pen.fillRect(x - 1.5, 23 - tall, 3, tall)
  }
}

/** A custom property may be `light-dark(…)`: only an element that uses it knows the colour. */
function resolved(name: string): string {
  const probe = element('span', { style: `color: var(${name})`, hidden: '' })
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function exactly(iso: string): string {
  return new Date(iso).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })
}

/** Whether the bar was open on the page before. */
function wasOpen(): boolean {
  try {
    const open = sessionStorage.getItem('kbgit-timebar') === 'open'
    sessionStorage.removeItem('kbgit-timebar')
    return open
  } catch {
    return false
  }
}
