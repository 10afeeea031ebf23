// The sections on a narrow screen: a drawer over the page. Without scripts, the link leads to them.

export function mount(link: HTMLElement): void {
  const menu = document.querySelector<HTMLElement>('nav.sections')
  if (menu === null) return
  link.setAttribute('role', 'button')
  link.setAttribute('aria-controls', menu.id)
  link.setAttribute('aria-expanded', 'false')
  const page = document.querySelectorAll<HTMLElement>('main, aside.beside')
  const isOpen = (): boolean => document.body.classList.contains('menu-open')
  const show = (open: boolean): void => {
    document.body.classList.toggle('menu-open', open)
    link.setAttribute('aria-expanded', String(open))
    for (const part of page) part.inert = open
    const next = open ? (menu.querySelector<HTMLElement>('[aria-current]') ?? menu.querySelector('a')) : link
    next?.focus()
  }
  link.addEventListener('click', (event) => {
    event.preventDefault()
    show(!isOpen())
  })
  link.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return
    event.preventDefault()
    show(!isOpen())
  })
  menu.querySelector('.close-menu')?.addEventListener('click', (event) => {
    event.preventDefault()
    show(false)
  })
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && isOpen()) show(false)
  })
  document.addEventListener('pointerdown', (event) => {
    const inside = event.target instanceof Node && (menu.contains(event.target) || link.contains(event.target))
    if (isOpen() && !inside) show(false)
  })
  // The page comes back as it was left, and on a wide screen there is no drawer.
  addEventListener('pageshow', () => isOpen() && show(false))
  matchMedia('(width >= 900px)').addEventListener('change', ({ matches }) => matches && isOpen() && show(false))
}
