// The command line's door: reads the version at once, and everything else through one run.
import { processHost, type Host } from './host.ts'

/** Runs `argv` (without node and script). The exit code is set, not taken: what was printed leaves the process first. */
export async function main(argv: readonly string[], host: Host = processHost()): Promise<void> {
  if (asksVersion(argv)) {
    // Closed by its reader: the version is told or not wanted.
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
  const at = argv.indexOf('--version')
  const end = argv.indexOf('--')
  return at !== -1 && (end === -1 || at < end)
}
