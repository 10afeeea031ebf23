// The next page is fetched when its link is hovered or focused, so that it is there when it is clicked.
const fetched = new Set<string>()

export function startPrefetch(): void {
  for (const kind of ['pointerover', 'focusin'] as const)
    document.addEventListener(kind, (event) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
      if (link === null || link.origin !== location.origin || link.dataset['noPrefetch'] !== undefined) return
      const address = link.pathname + link.search
      if (fetched.has(address) || address === location.pathname + location.search) return
      if (/^\/(?:api|files|assets)\//.test(link.pathname)) return
      fetched.add(address)
      void fetch(address, { priority: 'low' } as RequestInit).catch(() => {})
    })
}
