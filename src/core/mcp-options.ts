// What a program passes to the MCP server, and what it gets.
import type { Readable, Writable } from 'node:stream'
import type { Logger } from './logger.ts'

export type McpOptions = {
  /** Only tools that change nothing. */
  readOnly?: boolean | undefined
  /** Names of tools; `default` stands for all that need not be named. Default: `default`. */
  allow?: readonly string[] | undefined
  /** Folders from which documents may be added. Default: `cwd`, unless that is the home folder or contains it. */
  roots?: readonly string[] | undefined
  /** The base of relative paths. */
  cwd: string
  logger?: Logger | undefined
} & (
  | { stdio: { input: Readable; output: Writable }; http?: undefined }
  /** `token`: default: a new one. `port`: default: 4115, or a free one if that is in use. */
  | { http: { port?: number | undefined; token?: string | undefined }; stdio?: undefined }
)

export type RunningMcp = {
  /** Over HTTP: where clients connect, and what they send as a bearer token. */
  url?: string
  token?: string
  /** Over stdio: resolves when the client has closed its end. */
  ended: Promise<void>
  /** Cancels what clients began, waits until it is finished or undone, and ends the server. */
  close: () => Promise<void>
}
