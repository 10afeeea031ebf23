// Messages: whatever program wrote them and whatever is attached, all of it is in the text.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPrepared } from '../../../src/core/document/prepared.ts'
import { docx, msg, paragraph, png } from '../../support/documents.ts'
import { mail } from '../../support/mail.ts'
import { pdf } from '../../support/pdf.ts'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()
const text = { type: 'text/plain; charset=utf-8', content: 'See below.', attached: false }
const inner =
  'From: Bob <bob@example.org>\r\nSubject: The old crane\r\nDate: Mon, 5 Jan 2026 09:00:00 +0100\r\n\r\nIt lifts three tons again.'

describe('a message', () => {
  test("has the date in the sender's time zone", async () => {
    const { prepared, text: written } = await folder.prepare('m.eml', mail([text]))
    expect(prepared.date).toBe('2024-04-05T12:34:56+02:00')
    expect(written).toContain('- **Date:** 2024-04-05T12:34:56+02:00')
  })

  test.each(['utf16le', 'utf8'] as const)('is read if an editor saved it as %s with a mark', async (encoding) => {
    const bytes = Buffer.from(`\ufeff${mail([{ ...text, content: 'Höhe der Flut.' }])}`, encoding)
    const { text: written } = await folder.prepare('m.eml', bytes)
    expect(written).toContain('Höhe der Flut.')
    expect(written).toContain('- **From:**')
  })

  test.each([true, false])('includes the messages attached to it (as an attachment: %s)', async (attached) => {
    const { text: written } = await folder.prepare(
      'm.eml',
      mail([text, { type: 'message/rfc822', content: inner, attached }]),
    )
    expect(written).toContain(
      '## The old crane\n\n- **From:** Bob \\<bob@example.org>\n- **Date:** 2026-01-05T09:00:00+01:00\n\nIt lifts three tons again.\n',
    )
  })

  test('of thousands of short lines keeps each of them, in the text and in what is attached', async () => {
    const lines = Array.from({ length: 7000 }, (_, n) => (n % 3 === 0 ? '' : `Berth ${n}`))
    const table = `Boat,Fee\r\n${lines.map((line) => `${line},7`).join('\r\n')}`
    const { text: written, staging } = await folder.prepare(
      'm.eml',
      mail([
        { ...text, content: lines.join('\r\n') },
        { type: 'text/csv', name: 't.csv', content: table },
      ]),
    )
    expect(written.match(/Berth \d+/g)).toEqual(lines.filter((line) => line !== ''))
    const attached = readdirSync(join(staging, 'attachments')).map((name) =>
      readFileSync(join(staging, 'attachments', name), 'utf8'),
    )
    expect(attached.map((each) => each.trimEnd())).toEqual([table.replaceAll('\r\n', '\n')])
  })

  test('includes nested messages and their attachments', async () => {
    const middle = mail(
      [
        text,
        { type: 'text/csv', name: 't.csv', content: 'Boat,Fee\r\nTern,7' },
        { type: 'message/rfc822', content: inner },
      ],
      'Subject: Middle',
    )
      .replaceAll('"b"', '"c"')
      .replaceAll('--b', '--c')
    const { text: written, prepared } = await folder.prepare(
      'm.eml',
      mail([text, { type: 'message/rfc822', content: middle }]),
    )
    expect(written).toContain('## Middle\n')
    expect(written).toContain('*Attached:* `t.csv`')
    expect(prepared.attachments).toMatchObject([{ name: 't.csv' }])
    expect(written).toContain('### The old crane\n')
  })

  test('keeps attached files of known formats for documents, and names what it cannot read', async () => {
    const boats = docx(paragraph('A rope of twenty feet.'))
    const {
      text: written,
      prepared,
      staging,
    } = await folder.prepare(
      'm.eml',
      mail([
        text,
        { type: 'application/octet-stream', name: 'boats.docx', content: boats },
        {
          type: 'application/octet-stream',
          name: 'c:\\\\tmp\\\\boats.docx',
          content: docx(paragraph('Another list.')),
        },
        { type: 'application/octet-stream', name: 'copy.docx', content: boats },
        {
          type: 'application/pdf',
          name: 'fees.pdf',
          content: pdf([{ lines: [{ text: 'Fees are paid in advance', y: 700 }] }]),
        },
        { type: 'image/png', name: 'fox.png', content: png() },
        { type: 'application/octet-stream', name: 'tool.exe', content: Buffer.from([0, 1, 2, 3, 0, 0, 255]) },
      ]),
    )
    expect(written).toContain('`copy.docx`, `fees.pdf`, `fox.png`, `tool.exe` (not read)')
    expect(prepared.attachments?.map(({ name }) => name)).toEqual(['boats.docx', 'boats-2.docx', 'fees.pdf', 'fox.png'])
    for (const { file, size, sha256 } of prepared.attachments ?? []) {
      const bytes = readFileSync(join(staging, file))
      expect({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({ size, sha256 })
    }
    expect(readdirSync(join(staging, 'attachments'))).toHaveLength(4)
    expect(isPrepared(prepared)).toBe(true)
    expect(written).toContain('![fox.png](kbgit-image:1.png)')
    expect(prepared.notes.join(' ')).toContain('"tool.exe" is not read')
    expect(prepared.notes).toHaveLength(1)
  })

  test('has its subject and its people however they are encoded', async () => {
    const head =
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?IGF1cyBLw7ZsbiDigqw=?=\r\nTo: "=?utf-8?Q?M=C3=BCller=2C_Jos=C3=A9?=" <jm@example.org>'
    const { prepared } = await folder.prepare('m.eml', mail([text], head))
    expect(prepared).toMatchObject({ subject: 'Grüße aus Köln €', to: '"Müller, José" <jm@example.org>' })
  })
})

describe('an Outlook item', () => {
  test('that is a message has its header in the text, and its attachments', async () => {
    const { text: written, prepared } = await folder.prepare(
      'm.msg',
      msg(
        {
          '001A': 'IPM.Note',
          '0037': 'Fees',
          '0C1A': 'Fay',
          '0C1E': 'SMTP',
          '0C1F': 'fay@example.org',
          '1000': 'Hello',
        },
        [{ name: 't.csv', content: Buffer.from('Boat,Fee\nTern,7\n') }],
      ),
    )
    expect(written).toContain('# Fees\n\n- **From:** Fay \\<fay@example.org>\n\nHello')
    expect(written).toContain('*Attached:* `t.csv`')
    expect(prepared.attachments).toMatchObject([{ name: 't.csv' }])
  })

  // The example of MS-OXRTFCP, 4.1.1; and the same text without compression.
  test.each([
    [
      'compressed',
      Buffer.from(
        '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
        'hex',
      ),
    ],
    [
      'stored',
      Buffer.concat([
        Buffer.from('37000000170000004d454c4100000000', 'hex'),
        Buffer.from('{\\rtf1\\pard hello world}', 'latin1').subarray(0, 0x17),
      ]),
    ],
  ])('with no text but %s RTF has its text', async (_, rtf) => {
    const { text: written, prepared } = await folder.prepare(
      'm.msg',
      msg({ '001A': 'IPM.Note', '0037': 'Fees' }, [], { 1009: rtf }),
    )
    expect(written).toBe('# Fees\n\nhello world\n')
    expect(prepared.notes).toEqual([])
  })

  test('with damaged RTF says so', async () => {
    const { prepared } = await folder.prepare(
      'm.msg',
      msg({ '001A': 'IPM.Note', '0037': 'Fees' }, [], { 1009: Buffer.from('nothing of the kind') }),
    )
    expect(prepared.notes).toEqual(['The text of the message, which is compressed RTF, is damaged.'])
  })

  test('that is a contact has the details of the person', async () => {
    const { text: written } = await folder.prepare(
      'm.msg',
      msg({ '001A': 'IPM.Contact', '0037': 'Fay Fox', '3A16': 'Harbour Ltd', '3A08': '+49 40 1234', '3A11': 'Fox' }),
    )
    for (const fact of ['Harbour Ltd', '+49 40 1234', 'Fox']) expect(written).toContain(fact)
  })
})
