// What can be done with selected text: look for related passages, copy it with its source.
import { element } from './dom.ts'

const WORDS_MAX = 24

export function mount(text: HTMLElement): void {
  const search = document.querySelector<HTMLFormElement>('form.search')
  const menu = element('div', { class: 'selection', role: 'toolbar', 'aria-label': 'Selected text' })
  menu.hidden = true
  const find = element('button', { type: 'button' }, 'Find related')
  const copy = element('button', { type: 'button' }, 'Copy with citation')
  menu.append(find, copy)
  document.body.append(menu)
  const selected = (): string => getSelection()?.toString().replace(/\s+/g, ' ').trim() ?? ''
  document.addEventListener('selectionchange', () => {
    const selection = getSelection()
    const range = selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined
    menu.hidden = selected().length < 3 || range === undefined || !text.contains(range.commonAncestorContainer)
    if (menu.hidden || range === undefined) return
    const { left, top } = range.getBoundingClientRect()
    menu.style.translate = `${Math.round(Math.max(8, left))}px ${Math.round(Math.max(8, top - 44))}px`
  })
  find.addEventListener('click', () => {
    const words = selected().split(' ').slice(0, WORDS_MAX).join(' ')
    if (search === null) return
    const address = new URL(search.action, location.href)
    address.searchParams.set('q', words)
    location.assign(address)
  })
  copy.addEventListener('click', () => void navigator.clipboard.writeText(cited(selected(), text)))
  text.addEventListener('copy', (event) => {
    const words = getSelection()?.toString() ?? ''
    if (words.length < 40) return
    event.clipboardData?.setData('text/plain', cited(words, text))
    event.preventDefault()
  })
}

function cited(words: string, text: HTMLElement): string {
  const title = document.querySelector('h1')?.textContent ?? text.dataset['document'] ?? ''
  const leaf = getSelection()?.anchorNode?.parentElement?.closest('.leaf')?.id.replace(/^p/, '')
  return `${words}\n\n(${title.trim()}${leaf === undefined ? '' : `, p. ${leaf}`})`
}
