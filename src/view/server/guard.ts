// Which requests are answered, and what every answer forbids the browser. Pages of other sites can send requests to this
// machine, and a name can be made to point to it: so both the Host and the Origin must be the viewer's own.
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

export type Access = {
  /** Ports of the viewer and of the originals. */
  port: number
  /** Set if the viewer listens for other machines: any name of this one may be used, with the token. */
  open: boolean
  token: string
}

/** A name or an address, and the port: nothing else becomes part of an address or a policy. */
const HOST = /^([\w.-]{1,253}|\[[\da-f:.]{2,45}\])(?::\d{1,5})?$/i
export const LOOPBACK = '127.0.0.1'
const OWN_NAMES = [LOOPBACK, 'localhost', '[::1]']

export function hostOf(c: Context): string {
  return c.req.header('host') ?? ''
}

/** The host without its port. */
export function hostName(host: string): string {
  return HOST.exec(host)?.[1] ?? LOOPBACK
}

/** Why a request is refused; undefined if it is not. */
export function refusal(headers: Headers, method: string, access: Access): string | undefined {
  const host = headers.get('host') ?? ''
  const own = OWN_NAMES.map((name) => `${name}:${access.port}`)
  if (access.open ? !HOST.test(host) : !own.includes(host)) return 'This address is not one of the viewer.'
  const origin = headers.get('origin')
  if (origin !== null && origin !== `http://${host}`) return 'The request comes from a page of another site.'
  const site = headers.get('sec-fetch-site')
  const navigates = headers.get('sec-fetch-mode') === 'navigate' && method === 'GET'
  if (site !== null && site !== 'same-origin' && site !== 'none' && !navigates)
    return 'The request comes from a page of another site.'
  return undefined
}

/**
 * For a viewer that other machines reach: a first visit with the token in its address gets a cookie, later ones have it.
 * Undefined if the request is admitted.
 */
export function admit(c: Context, { port, token }: Access): Response | undefined {
  const cookie = `kbgit-view-${port}`
  const address = new URL(c.req.url)
  const shown = address.searchParams.get('token')
  if (shown !== null && isToken(shown, token)) {
    address.searchParams.delete('token')
    setCookie(c, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' })
    return c.redirect(address.pathname + address.search)
  }
  if (isToken(getCookie(c, cookie) ?? '', token)) return undefined
  return c.text('Open the whole address that "kbgit view" printed: it has the token.\n', 401)
}

/** Compares in the same time for any guess. */
export function isToken(guess: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(guess), digest(token))
}

/** The headers of pages: scripts, styles and data from the viewer alone, originals from their own origin. */
export function pageHeaders(originals: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      // Formulas are laid out by attributes; a style sheet in a document is text.
      "style-src-attr 'unsafe-inline'",
      `img-src 'self' ${originals}`,
      "font-src 'self'",
      "connect-src 'self'",
      "worker-src 'self'",
      `frame-src ${originals}`,
      "form-action 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    ...COMMON_HEADERS,
    'Cross-Origin-Opener-Policy': 'same-origin',
  }
}

/** Of the originals: nothing runs, nothing is fetched, and only the viewer may show them. */
export function originalHeaders(viewer: string, type: string): Record<string, string> {
  // A browser's viewer of PDF files does not start in a sandbox, and runs no script of the page.
  const sandbox = type === 'application/pdf' ? [] : ['sandbox']
  const policy = ["default-src 'none'", 'img-src data:', "style-src 'unsafe-inline'", `frame-ancestors ${viewer}`]
  return { 'Content-Security-Policy': [...policy, ...sandbox].join('; '), ...COMMON_HEADERS }
}

const COMMON_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
}
