// Pictures of a text open large, over the page.
import { element } from './dom.ts'

export function openLarge(root: Document): void {
  root.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a.picture') : null
    const picture = link?.querySelector('img')
    if (link === null || picture == null || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const large = element('img', { src: link.href, alt: picture.alt })
    const close = element('button', { type: 'button' }, 'Close')
    const dialog = element('dialog', { class: 'large', 'aria-label': picture.alt || 'Picture' }, large, close)
    dialog.addEventListener('click', () => dialog.close())
    dialog.addEventListener('close', () => dialog.remove())
    root.body.append(dialog)
    dialog.showModal()
  })
}
