// Opens an address in the user's browser.
import { spawn } from 'node:child_process'
import { platform } from 'node:process'

/** Resolves when the program that opens it has started. Rejects if there is none. */
export function openInBrowser(url: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const [program, ...args] = opener(url, env)
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'ignore', detached: true })
    child.once('error', reject)
    child.once('spawn', () => {
      child.unref()
      resolve()
    })
  })
}

function opener(url: string, env: Readonly<Record<string, string | undefined>>): [string, ...string[]] {
  const chosen = env['BROWSER']
  if (chosen !== undefined && chosen !== '' && !chosen.includes(' ')) return [chosen, url]
  if (platform === 'darwin') return ['open', url]
  // `start` is built into cmd, whose first quoted argument is a title.
  return platform === 'win32' ? ['cmd', '/c', 'start', '', url.replaceAll('&', '^&')] : ['xdg-open', url]
}
