// Turns file system errors into a document's failure. Paths are byte strings.
import { readlink } from 'node:fs/promises'
import { messageOf, systemCode, type Failure } from '../core/errors.ts'
import { displayPath, toBytes } from '../core/document/source-path.ts'

/** Why a system call on a named or listed path failed. */
export function failureOf(error: unknown, path: string): Failure {
  const label = displayPath(path)
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        code: 'notFound',
        message: `${label} does not exist.`,
        hint: label.includes('�') ? 'Its name may not be UTF-8: name its folder instead.' : 'Check the path.',
      }
    case 'EACCES':
    case 'EPERM':
      return {
        code: 'unreadable',
        message: `${label} cannot be read: permission denied.`,
        hint: 'Check its permissions and those of its parent folders.',
      }
    case 'ENAMETOOLONG':
      return {
        code: 'unreadable',
        message: `The path ${label} is too long for this system.`,
        hint: 'Move it closer to the root or shorten its name.',
      }
    case 'ELOOP':
      return {
        code: 'notRegular',
        message: `${label} contains links that cannot be followed.`,
        hint: 'Name the file that it points to.',
      }
    default:
      return {
        code: 'unreadable',
        message: `${label} cannot be read: ${messageOf(error)}.`,
        hint: 'Check the file and its disk.',
      }
  }
}

/** Why something that the user named is not added: a link, or a special file. */
export async function notRegular(path: string, isLink: boolean): Promise<Failure> {
  const label = displayPath(path)
  if (!isLink) {
    return {
      code: 'notRegular',
      message: `${label} is not a regular file or a folder.`,
      hint: 'Save its output to a file and add that.',
    }
  }
  const target = await readlink(Buffer.from(toBytes(path)), { encoding: 'buffer' }).then(
    (bytes) => displayPath(bytes.toString('latin1')),
    () => 'another file',
  )
  return {
    code: 'notRegular',
    message: `${label} is a symbolic link, which kbgit does not follow.`,
    hint: `Name its target instead: ${target}`,
  }
}
