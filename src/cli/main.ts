// The entry point of the command line: prints the version at once, and runs everything else.
import { processHost, type Host } from './host.ts'

/**
 * Runs `argv` (without node and script). The exit code is set instead of exiting, so that all output is written first.
 */
export async function main(argv: readonly string[], host: Host = processHost()): Promise<void> {
  if (asksVersion(argv)) {
    // Closed by its reader: the version has been read, or is not wanted.
    host.stdout.on('error', () => {})
    const { VERSION: version } = await import('../version.ts')
    host.stdout.write(argv.includes('--json') ? `${JSON.stringify({ version })}\n` : `${version}\n`)
    return
  }
  host.keepCode?.(argv)
  const { run } = await import('./run.ts')
  host.setExitCode(await run(argv, host))
}

function asksVersion(argv: readonly string[]): boolean {
  const index = argv.indexOf('--version')
  const end = argv.indexOf('--')
  return index !== -1 && (end === -1 || index < end)
}
