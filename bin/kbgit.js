#!/usr/bin/env node
// Starts kbgit. Plain JavaScript without packages, so that any Node can read it: on one that is older than 24, it
// starts itself again under the Node 24 of a checkout's development dependencies; without one it says what to install.
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

// An import of node:fs would load streams too, which is a tenth of the time that "kbgit --version" takes.
const { existsSync, readFileSync } = process.getBuiltinModule?.('node:fs') ?? (await import('node:fs'))
const NODE_MAJOR_MIN = 24
const here = dirname(fileURLToPath(import.meta.url))

if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) {
  const source = join(here, '..', 'src', 'cli', 'main.ts')
  const built = join(here, '..', 'dist', 'main.js')
  // A checkout runs from source; a package has no source.
  const { main } = await import(pathToFileURL(existsSync(source) ? source : built).href)
  await main(process.argv.slice(2))
} else {
  await startAgain()
}

async function startAgain() {
  const node = await installedNode(`node-${process.platform}-${process.arch}`)
  if (node === undefined) {
    process.stderr.write(
      `kbgit needs Node ${NODE_MAJOR_MIN} or newer, and this is ${process.version}: install it from https://nodejs.org or with "nvm install ${NODE_MAJOR_MIN}".\n`,
    )
    process.exitCode = 1
    return
  }
  await runUnder(node)
}

/** Path of the Node in the package `name`: a checkout has it as a development dependency. */
async function installedNode(name) {
  try {
    const { createRequire } = await import('node:module')
    const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const node = join(dirname(manifest), 'bin', 'node')
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'))
    return Number(version.split('.')[0]) >= NODE_MAJOR_MIN && existsSync(node) ? node : undefined
  } catch {
    return undefined
  }
}

/**
 * Runs this file under `node` and ends as it ends. The pipe passes signals on, and tells the other process when this
 * one is gone: it must not work on alone. There a signal that reaches both processes counts once (src/cli/stop-signals.ts).
 */
async function runUnder(node) {
  const { spawn } = await import('node:child_process')
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...process.env, KBGIT_LAUNCHER_FD: '3' },
  })
  const pipe = child.stdio[3]
  pipe.on('error', () => {})
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pipe.write(`${signal}\n`))
  child.on('error', (error) => {
    process.stderr.write(`kbgit could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    pipe.destroy()
    if (signal === null) process.exitCode = code ?? 1
    else {
      process.removeAllListeners(signal)
      process.kill(process.pid, signal)
    }
  })
}
