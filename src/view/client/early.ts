// Runs before the page is drawn: the reader's choice of light or dark, and a mark that scripts work.
const root = document.documentElement
root.classList.add('scripted')
try {
  // The token of the printed address is kept for this tab, and taken out of the address.
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (token !== undefined) {
    sessionStorage.setItem('kbgit-token', token)
    history.replaceState(null, '', location.pathname + location.search)
  }
  const theme = localStorage.getItem('kbgit-theme')
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme
} catch {
  // Without storage the system's choice holds.
}
