// Runs before the page is drawn: the reader's choice of light or dark, and a mark that scripts work.
const root = document.documentElement
root.classList.add('scripted')
try {
  const theme = localStorage.getItem('kbgit-theme')
  if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme
} catch {
  // Without storage the system's choice holds.
}
