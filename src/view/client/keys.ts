// Keys: `g h` and the like go to sections, `?` lists all, `Escape` closes what is open.
import { element, isTyping } from './dom.ts'

const WAIT_MS = 1_200
let last: { key: string; at: number } | undefined

export function startKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
    if (event.key === '/') {
      event.preventDefault()
      document.querySelector<HTMLInputElement>('header input[type=search]')?.select()
      return
    }
    if (event.key === '?') {
      event.preventDefault()
      showKeys()
      return
    }
    const before = last !== undefined && performance.now() - last.at < WAIT_MS ? `${last.key} ` : ''
    const wanted = document.querySelector<HTMLAnchorElement>(
      `nav.sections a[data-keys="${CSS.escape(before + event.key)}"]`,
    )
    last = { key: event.key, at: performance.now() }
    if (wanted === null) return
    event.preventDefault()
    wanted.click()
  })
}

function showKeys(): void {
  document.querySelector('dialog.keys')?.remove()
  const rows: [string, string][] = [
    ['/', 'Search or ask'],
    ['?', 'This list'],
    ['Esc', 'Close what is open'],
    ...[...document.querySelectorAll<HTMLAnchorElement>('nav.sections a[data-keys]')].map((link): [string, string] => [
      link.dataset['keys'] ?? '',
      link.textContent?.trim() ?? '',
    ]),
  ]
  const list = element('dl', {}, ...rows.flatMap(([keys, does]) => [keyCaps(keys), element('dd', {}, does)]))
  const close = element('button', { type: 'button' }, 'Close')
  const dialog = element('dialog', { class: 'keys', 'aria-label': 'Keys' }, element('h2', {}, 'Keys'), list, close)
  close.addEventListener('click', () => dialog.close())
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

function keyCaps(keys: string): HTMLElement {
  return element('dt', {}, ...keys.split(' ').map((key) => element('kbd', {}, key)))
}
