#!/usr/bin/env node
// Starts kbgit, under Node 24. Plain JavaScript without imports of packages, so that any Node can read it:
// on an older one it starts itself again under the Node that its optional dependencies brought.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const NODE_MAJOR_MIN = 24
const here = dirname(fileURLToPath(import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  const source = join(here, '..', 'src', 'cli', 'main.ts')
  const built = join(here, '..', 'dist', 'cli', 'main.js')
  // A checkout runs from source; a package has no source.
  const { main } = await import(pathToFileURL(existsSync(source) ? source : built).href)
  await main(process.argv.slice(2))
} else {
  await restartUnder(bundledNode())
}

/** Path of the Node executable that npm installed beside kbgit, or undefined. */
function bundledNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const require = createRequire(import.meta.url)
  try {
    const folder = dirname(require.resolve(`node-${platform}-${process.arch}/package.json`))
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(path) ? path : undefined
  } catch {
    return undefined
  }
}

/** Runs this file again under `node`, passes signals on, and ends as it ends. */
async function restartUnder(node) {
  if (node === undefined || process.env.KBGIT_RESTARTED === '1') {
    process.stderr.write(
      `kbgit needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}.\n` +
        'Install it, or install kbgit with its optional dependencies (npm install --include=optional).\n',
    )
    process.exitCode = 1
    return
  }
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, KBGIT_RESTARTED: '1' },
  })
  // The terminal sends an interrupt to the whole group already; sending it again would count as a second one.
  const forwarded = process.stdin.isTTY ? ['SIGTERM', 'SIGHUP'] : ['SIGTERM', 'SIGHUP', 'SIGINT']
  process.on('SIGINT', () => {})
  for (const signal of forwarded) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`kbgit could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
