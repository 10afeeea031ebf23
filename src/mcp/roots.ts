// Which files of this machine an agent may have added: those below the allowed folders, wherever links lead.
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, parse, relative, resolve, sep } from 'node:path'
import { KbError, systemCode } from '../core/errors.ts'

export class Roots {
  readonly #folders: readonly string[]

  private constructor(folders: readonly string[]) {
    this.#folders = folders
  }

  /**
   * Throws `KbError` (`notFound`) for a folder that is not there. Without folders: `cwd`, unless that is the whole disk or
   * the home folder, as for a client that was started from a desktop.
   */
  static async open(folders: readonly string[] | undefined, cwd: string): Promise<Roots> {
    const real = await Promise.all((folders ?? [cwd]).map((folder) => realFolder(resolve(cwd, folder))))
    return new Roots(folders === undefined ? real.filter((folder) => !isTooWide(folder)) : real)
  }

  get folders(): readonly string[] {
    return this.#folders
  }

  /**
   * The real path of a file or folder below an allowed folder. Relative paths start at the first one. Throws `KbError`:
   * `usage` for one that is outside or hidden, `notFound` for one that is not there.
   */
  async admit(path: string): Promise<string> {
    const [first] = this.#folders
    if (first === undefined)
      throw new KbError('usage', 'No folder is allowed for adding files.', {
        hint: 'Start the server with --root <folder>, or pass the text itself.',
      })
    if (path.includes('\0')) throw refused(path)
    const wanted = isAbsolute(path) ? resolve(path) : resolve(first, path)
    // Nothing is said of what is outside, not even whether it is there.
    if (!this.#folders.some((root) => isBelow(root, wanted)) && !(await this.#leadsInside(wanted))) throw refused(path)
    const real = await realpath(wanted).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR')
        throw new KbError('notFound', `${wanted} does not exist.`)
      throw error
    })
    const root = this.#folders.find((folder) => isBelow(folder, real))
    if (root === undefined) throw refused(path)
    if (
      relative(root, real)
        .split(sep)
        .some((part) => part.startsWith('.'))
    )
      throw new KbError('usage', `${path} is hidden, and hidden files are not added over MCP.`)
    return real
  }

  /** A path that is written differently, e.g. through a link to an allowed folder. */
  async #leadsInside(path: string): Promise<boolean> {
    const parent = await realpath(dirname(path)).catch(() => undefined)
    return parent !== undefined && this.#folders.some((root) => isBelow(root, parent))
  }
}

async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (cause) {
    throw new KbError('notFound', `The folder ${folder} does not exist.`, { cause })
  }
}

/** The home folder, or one that contains it. */
function isTooWide(folder: string): boolean {
  return folder === parse(folder).root || isBelow(folder, homedir())
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(join('..', sep)))
}

function refused(path: string): KbError {
  return new KbError('usage', `${path} is outside of the folders that the server may add from.`, {
    hint: 'The server was started with these folders: see its --root option.',
  })
}
