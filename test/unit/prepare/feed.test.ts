import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFeed, type Feed } from '../../../src/prepare/feed.ts'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()

async function read(xml: string): Promise<Feed> {
  const path = join(folder.path, 'feed.xml')
  writeFileSync(path, xml)
  return readFeed({ path, size: statSync(path).size, url: 'https://example.org/blog/feed.xml' })
}

const rss = (items: string): string => `<rss version="2.0"><channel><title>News</title>${items}</channel></rss>`

describe('readFeed', () => {
  it('reads Atom, with titles and contents of every type, and relative links', async () => {
    const feed = await read(
      `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title type="html">A &amp;amp; B</title><link href="/"/>
      <entry><title>X &amp; Y</title><id>tag:1</id><link rel="self" href="/no"/><link href="p/1?a=1&amp;b=2#part"/>
      <content type="xhtml"><div><p>Hi &lt;script&gt;</p></div></content><updated>2020-01-01T00:00:00Z</updated></entry></feed>`,
    )
    expect(feed).toEqual({
      title: 'A & B',
      entries: [
        {
          id: 'tag:1',
          link: 'https://example.org/blog/p/1?a=1&b=2',
          title: 'X & Y',
          content: expect.stringContaining('Hi &lt;script>'),
          time: Date.UTC(2020, 0, 1),
        },
      ],
    })
  })

  it.each([
    ['<link>/p</link><guid isPermaLink="false">1</guid>', 'https://example.org/p'],
    ['<guid>https://example.org/p#x</guid>', 'https://example.org/p'],
    ['<guid>1</guid>', undefined],
    ['<guid isPermaLink="false">https://example.org/p</guid>', undefined],
    ['<link>file:///etc/passwd</link>', undefined],
    ['<link>javascript:alert(1)</link>', undefined],
    ['<link>https://user:secret@example.org/</link>', undefined],
    [`<link>https://example.org/${'a'.repeat(3_000)}</link>`, undefined],
  ])('of an entry with %.60s takes only a link that can be fetched', async (item, link) => {
    expect((await read(rss(`<item>${item}</item>`))).entries[0]?.link).toBe(link)
  })

  it('tells entries apart by what they say that they are, else by their link, else by their text', async () => {
    const items = ['<guid> 1 </guid><link>/p</link>', '<link>/p</link>', '<title>T</title><description>D</description>']
    const { entries } = await read(rss(items.map((item) => `<item>${item}</item>`).join('')))
    expect(entries.map(({ id }) => id)).toEqual(['1', 'https://example.org/p', 'T\nD'])
  })

  it('has the newest entry first if all have a date, else the order of the feed', async () => {
    const dated = (title: string, day: string): string =>
      `<item><title>${title}</title><pubDate>${day} Jan 2026</pubDate></item>`
    const titles = async (xml: string): Promise<string[]> => (await read(rss(xml))).entries.map(({ title }) => title)
    expect(await titles(dated('a', '1') + dated('b', '3') + dated('c', '2'))).toEqual(['b', 'c', 'a'])
    expect(await titles(`${dated('a', '1')}<item><title>b</title></item>${dated('c', '2')}`)).toEqual(['a', 'b', 'c'])
  })
})
