// Light or dark: the system's choice, until the reader makes another.
const KEY = 'kbgit-theme'

export function mount(button: HTMLElement): void {
  button.hidden = false
  const dark = matchMedia('(prefers-color-scheme: dark)')
  button.addEventListener('click', () => {
    const root = document.documentElement
    const isDark = root.dataset['theme'] === undefined ? dark.matches : root.dataset['theme'] === 'dark'
    const next = isDark ? 'light' : 'dark'
    root.dataset['theme'] = next
    try {
      localStorage.setItem(KEY, next)
    } catch {
      // It holds for this page.
    }
  })
}
