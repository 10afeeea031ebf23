// A button on each piece of code that copies it.
import { element } from './dom.ts'

const SHOWN_MS = 1_500

export function addCopyButtons(root: ParentNode): void {
  for (const block of root.querySelectorAll<HTMLElement>('.code')) {
    const button = element('button', { type: 'button', class: 'copy' }, 'Copy')
    button.addEventListener('click', () => {
      const text = block.querySelector('code')?.textContent ?? ''
      void navigator.clipboard.writeText(text).then(
        () => say(button, 'Copied'),
        () => say(button, 'Not copied'),
      )
    })
    block.append(button)
  }
}

function say(button: HTMLElement, text: string): void {
  button.textContent = text
  setTimeout(() => (button.textContent = 'Copy'), SHOWN_MS)
}
