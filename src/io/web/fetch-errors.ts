// Why an address could not be fetched.
import { DocumentError } from '../../core/errors.ts'

/** The server answered with another status than 200. */
export class AnsweredError extends DocumentError {
  readonly status: number

  constructor(url: string, status: number) {
    const { code, message, hint } = failed(
      url,
      `the server answered ${status}`,
      'Open it in a browser to see why.',
    ).failure
    super(code, message, hint)
    this.status = status
  }
}

export function inside(url: string, address: string): DocumentError {
  return refused(
    url,
    `${address} is not a public address`,
    'Use --allow-private to fetch from this machine and its network, too.',
  )
}

export function refused(url: string, why: string, hint: string): DocumentError {
  return new DocumentError('fetchRefused', `${withoutSecrets(url)} is not fetched: ${why}.`, hint)
}

export function failed(url: string, why: string, hint: string): DocumentError {
  return new DocumentError(
    'fetchFailed',
    `${withoutSecrets(url)} could not be fetched: ${why.replace(/\.$/, '')}.`,
    hint,
  )
}

function withoutSecrets(url: string): string {
  return url.replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1…@')
}
