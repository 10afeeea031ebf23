import { describe, expect, it } from 'vitest'
import { parseSources } from '../../../src/core/sources-yaml.ts'

const HOUR_MS = 3_600_000
const errorOf = (text: string): { code: string; message: string } => {
  try {
    parseSources(text, '/base/sources.yaml')
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('It was accepted.')
}

describe('sources.yaml', () => {
  it('lists feeds and pages with how often they are visited', () => {
    const text = [
      '# mine',
      '- feed: https://example.org/news.xml',
      '  every: 6h',
      '  name: News',
      '- url: HTTPS://Example.org/page#part',
      '- url: https://example.org/other',
      '  every: 1m',
    ].join('\n')
    expect(parseSources(text, 'x')).toEqual([
      { kind: 'feed', url: 'https://example.org/news.xml', everyMs: 6 * HOUR_MS, name: 'News' },
      { kind: 'url', url: 'https://example.org/page', everyMs: 24 * HOUR_MS },
      { kind: 'url', url: 'https://example.org/other', everyMs: 60_000 },
    ])
    expect(parseSources('', 'x')).toEqual([])
    expect(parseSources('# nothing yet\n', 'x')).toEqual([])
  })

  it.each([
    ['feed: https://e.org/', ':1:1: this is not a list of sources'],
    ['- https://e.org/', ':1:3: this is not a source'],
    ['- feed: https://e.org/\n  often: 1d', ':2:3: "often" is not a key of a source'],
    ['- feed: https://e.org/\n  every: 30s', ':2:10: "every" must be a time'],
    ['- feed: https://e.org/\n  every: 0m', ':2:10: "every" must be a time'],
    ['- feed: https://e.org/\n  every: 999999999d', ':2:10: "every" must be a time'],
    ['- name: News', ':1:3: a source has either "feed" or "url"'],
    ['- feed: https://e.org/\n  url: https://e.org/', ':1:3: a source has either "feed" or "url"'],
    ['- url: file:///etc/passwd', ':1:8: "file:///etc/passwd" is not an http or https address'],
    ['- url: https://me:secret@e.org/', 'is not an http or https address'],
    ['- url: [https://e.org/]', ':1:8: "url" must be a text'],
    ['- url: https://e.org/\n- url: https://e.org/#part', ':2:3: https://e.org/ is listed twice, first at'],
    ['- url: &a https://e.org/\n- url: *a', ':2:8: "url" must be a text'],
    ['- url: "https://e.org/', '/base/sources.yaml:'],
    ['- url: https://e.org/\n'.repeat(1_001), 'more than 1000 sources'],
    ['#'.repeat(2 ** 20 + 1), 'too long'],
  ])('refuses %.60j with its place', (text, message) => {
    expect(errorOf(text)).toMatchObject({ code: 'config', message: expect.stringContaining(message) })
  })
})
