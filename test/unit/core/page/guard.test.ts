import { describe, expect, test } from 'vitest'
import { guard } from '../../../../src/core/page/guard.ts'
import { frontText, sanitizeInline, plainInline } from '../../../../src/core/page/sanitize.ts'

describe('what every renderer treats as code stays unchanged', () => {
  test.each([
    '```html\n<script>alert(1)</script>\n```\n',
    '~~~\n<!-- `` -->\n~~~\n',
    '  ```\n<b>\n  ```\n',
    '- item\n\n  ```\n  <b>\n\n  <i>\n  ```\n\n- next\n',
    '- ```\n  <b>\n  ```\n',
    '> ```\n> <b>\n> ```\n',
    'text\n\n    <script>\n    <b>\n\nmore\n',
    '`<b>` and ``a ` <i>`` and `</b>`\n',
    '| a | b |\n|---|---|\n| `<b>` | c |\n',
    '<https://example.org/a> and <mailto:a@example.org>\n',
    '![x](kbgit-image:1.png) ![y](kbgit-image:2.jpg "t")\n',
    '![y][pic]\n\n[pic]: <kbgit-image:2.jpg>\n',
    '[a](https://example.org) [b](#part) [c]: x\n',
    '`==` and `=>` and `=`\n',
    '```python\nx\n```\n\n```rust,ignore\n```\n\n```js {1,3-5} title="run.sh"\n```\n',
    '````md\n```dataviewjs\n```\n````\n',
    'a < b and 1 <2\n',
  ])('%j', (text) => {
    expect(guard(text)).toBe(text)
  })
})

describe('what only some of them treat as code is escaped', () => {
  test.each([
    ['- ~~~\n<b>\n~~~\n', '- ~~~\n\\<b>\n~~~\n'],
    ['| a |\n|---|\n| `x | <b>` |\n', '| a |\n|---|\n| `x | \\<b>` |\n'],
    ['a `b\n<i>` c\n', 'a `b\n\\<i>` c\n'],
    ['- a\n\n    <b>\n', '- a\n\n    \\<b>\n'],
    ['$a<b$ and a<b\n', '$a< b$ and a\\<b\n'],
    ['https://e.example\\<b>\n', 'https://e.example&lt;b>\n'],
  ])('%j', (text, expected) => {
    expect(guard(text)).toBe(expected)
    expect(guard(expected)).toBe(expected)
  })
})

describe('what a plug-in would run is written so that it does not run', () => {
  test.each([
    ['```dataviewjs\ndv.x()\n```', '```js\ndv.x()\n```'],
    ['~~~ run-python\n1\n~~~', '~~~ python\n1\n~~~'],
    ['> ```button\n> x\n> ```', '> ```text\n> x\n> ```'],
    ['- ```js-engine\n  x\n  ```', '- ```js\n  x\n  ```'],
    ['```{r, echo=F}\nx\n```', '```r\nx\n```'],
    ['```{=html}\nx\n```', '```text\nx\n```'],
    [
      '`$= dv.view("x")` and ` = this.file` and `=a`',
      '`\u2060$= dv.view("x")` and `\u2060 = this.file` and `\u2060=a`',
    ],
    ['`x`{=html}', '`x`&#123;=html}'],
    ['<% tp.x %> and \\<%* y %>', '&lt;% tp.x %> and &lt;%* y %>'],
    ['$\\href{javascript:alert(1)}{x}$', '$\\text{href}{javascript:alert(1)}{x}$'],
    ['$\\href{https://example.org}{x}$', '$\\href{https://example.org}{x}$'],
    ['see obsidian://open?x', 'see obsidian&#58;//open?x'],
    ['[x](obsidian://open)', '[x]&#40;obsidian&#58;//open)'],
    ['![[page]] [[page]]', '\\![\\[page]] [\\[page]]'],
    ['$$\nM = [[1,2],[3,4]]\n$$', '$$\nM = [[1,2],[3,4]]\n$$'],
    ['$d_{[[x]]}$ and [[x]]', '$d_{[{}[x]]}$ and [\\[x]]'],
  ])('%j', (text, expected) => {
    expect(guard(text)).toBe(expected)
    expect(guard(expected)).toBe(expected)
  })
})

test('no page made from a text has a template tag or a plug-in query', () => {
  const text = 'T <% tp.x %> `$= dv` \\<%'
  expect(sanitizeInline(text)).toBe('T &lt;% tp.x %> `\u2060$= dv` \\\\&lt;%')
  expect(plainInline(sanitizeInline(text))).toBe(text)
  expect(frontText(text, 100)).toBe("T < % tp.x % > '$= dv' \\< %")
  expect(frontText('A page with <svg/onload=alert(1)> and 3 < 4', 100)).toBe(
    'A page with < svg/onload=alert(1)> and 3 < 4',
  )
})

test.each([
  ['tags', '<a '],
  ['backticks', '`'],
  ['backticks of many lengths', '` `` ``` '],
  ['brackets', '[['],
  ['closing brackets', ']('],
  ['definitions', '[a]: x\n'],
  ['pictures', '![a][b] '],
  ['escapes', '\\<'],
  ['fences', '```dataviewjs\n'],
  ['fences in quotes', '> ~~~ x\n'],
  ['dollars', '$a '],
  ['list marks', '- '],
  ['quotes', '>'],
])('a megabyte of %s takes at most two seconds of CPU time', (_, part) => {
  const text = part.repeat(1_000_000 / part.length)
  const start = process.cpuUsage()
  guard(text)
  const { user, system } = process.cpuUsage(start)
  expect((user + system) / 1_000_000).toBeLessThan(2)
})
