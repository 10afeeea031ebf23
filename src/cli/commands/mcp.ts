import { KbError } from '../../core/errors.ts'
import { command } from '../command.ts'

const PORT_MAX = 65_535
/** Bytes of randomness are up to the user: this only keeps out what anybody would try first. */
const TOKEN_LENGTH_MIN = 16

export const mcp = command({
  name: 'mcp',
  details:
    'Lets agents search, read and change the base over the Model Context Protocol: on stdin and stdout, as clients\n' +
    'start it, or with --http on this machine with a token (KBGIT_MCP_TOKEN, or a new one that is printed).\n' +
    'Tools that read: context, search, read, list, history, status, verify, review. Tools that write: add, propose,\n' +
    'remove, undo, next_task, submit_task, and, only if --allow names it, decide_review.\n' +
    '"add" takes files from the current folder, or from --root. docs/agents.md shows how to set up the usual clients.',
  options: {
    http: { type: 'flag', describe: 'Serve streamable HTTP instead of stdio' },
    port: { type: 'number', value: 'n', min: 1, max: PORT_MAX, describe: 'With --http; default: 4115, or a free one' },
    'read-only': { type: 'flag', describe: 'Only tools that change nothing' },
    allow: { type: 'list', value: 'tools', describe: 'Only these tools; "default" stands for the usual ones' },
    root: { type: 'list', value: 'folder', describe: 'Add files from this folder only; may be repeated' },
  },
  examples: [
    ['kbgit mcp --kb ~/notes', 'what an MCP client runs'],
    ['kbgit mcp --read-only', 'for an agent that must not write'],
    ['kbgit mcp --root ~/inbox --allow default,decide_review', 'add from one folder, and accept reviews'],
    ['kbgit mcp --http', 'for several clients at once'],
  ],
  async run({ flags, json, dir, host, library, surroundings, signal, write, note }) {
    const allow = flags.allow.flatMap((names) => names.split(',')).filter((name) => name !== '')
    const token = host.env['KBGIT_MCP_TOKEN']
    if (flags.http && token !== undefined && token.length < TOKEN_LENGTH_MIN)
      throw new KbError('usage', `KBGIT_MCP_TOKEN must have at least ${TOKEN_LENGTH_MIN} characters.`)
    if (!flags.http && flags.port !== undefined) throw new KbError('usage', '--port goes with --http.')
    const { openKb, serveMcp } = await library()
    const around = await surroundings()
    await using kb = await openKb({ ...around, dir, held: true })
    const running = await serveMcp(kb, {
      readOnly: flags['read-only'],
      ...(allow.length === 0 ? {} : { allow }),
      ...(flags.root.length === 0 ? {} : { roots: flags.root }),
      cwd: host.cwd,
      logger: around.logger,
      ...(flags.http ? { http: { port: flags.port, token } } : { stdio: { input: host.stdin, output: host.stdout } }),
    })
    try {
      const { url, token: shown } = running
      if (flags.http) await write(json ? `${JSON.stringify({ url, token: shown })}\n` : `${url}\n`)
      if (flags.http && !json && token === undefined) note(`Authorization: Bearer ${shown}`)
      await Promise.race([running.ended, stopped(signal)])
    } finally {
      await running.close()
    }
    return undefined
  },
})

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
