import { expect, test } from 'vitest'
import { linksOf, resolveLink } from '../../../../src/core/page/wiki-links.ts'

test('wikilinks and relative Markdown links are found with their lines; code and escapes are not links', () => {
  const text = [
    'See [[summaries/x|X]] and ![[images/a.png]].',
    '`[[no]]` and ``[[`no`]]`` and \\[[no]] but [yes](../raw/a%20b.pdf "t").',
    '```',
    '[[no]]',
    '```',
    '',
    '    [[no]]',
    '',
    '- item',
    '',
    '    [[in/list#Heading|l]]',
    '',
    '[web](https://x.y/z) [mail](mailto:a@b) [here](#there) [[#Here]] ![i](<img/a (1).png>) [p](a_(b).md)',
  ].join('\n')
  expect(linksOf(text).map(({ target, line }) => `${line} ${target}`)).toEqual([
    '1 summaries/x',
    '1 images/a.png',
    '2 ../raw/a b.pdf',
    '11 in/list',
    '13 img/a (1).png',
    '13 a_(b).md',
  ])
})

test('code begins after an escaped backtick or an escaped backslash, as in CommonMark', () => {
  expect(
    linksOf('\\``[[no]]` [[yes]] \\\\`[[no]]` \\`[[yes too]] `[[no]]` ``[[open]] `[[no]]`').map(({ target }) => target),
  ).toEqual(['yes', 'yes too', 'open'])
})

test('a wikilink is resolved from the wiki folder first, a Markdown link from its page, and neither leaves the base', () => {
  expect(resolveLink('wiki/summaries/v2/a.md', { target: 'concepts/x', kind: 'wikilink' })[0]).toBe(
    'wiki/concepts/x.md',
  )
  expect(resolveLink('wiki/summaries/v2/a.md', { target: '../../../raw/a.pdf', kind: 'markdown' })[0]).toBe('raw/a.pdf')
  expect(resolveLink('wiki/a.md', { target: '../../etc/passwd', kind: 'markdown' })).toEqual([])
})
