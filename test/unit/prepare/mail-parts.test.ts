// Parts of messages that are text, but neither a body nor files.
import { describe, expect, test } from 'vitest'
import { joinFlowed, nameOfType, textPart } from '../../../src/prepare/convert/mail-parts.ts'
import { mail } from '../../support/mail.ts'
import { StagingFolder } from '../../support/staging.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll('\n', '\r\n'))

describe('format=flowed (RFC 3676)', () => {
  test.each([
    ['joins a paragraph', 'The crane \nlifts.\nNew', false, 'The crane lifts.\nNew'],
    ['joins quoted lines without their marks', '> The crane \n> lifts.\nYes.', false, '> The crane lifts.\nYes.'],
    ['ends where the depth changes', '>> One \n> two \nthree', false, '>> One \n> two \nthree'],
    ['removes stuffed spaces', ' From here\n >not quoted', false, 'From here\n>not quoted'],
    ['deletes spaces with DelSp', '> 潮は \n> 満ちる', true, '> 潮は満ちる'],
    ['keeps the mark of a signature', 'Yours \n-- \nAnn', false, 'Yours \n-- \nAnn'],
  ])('%s', (_, text, deletesSpace, joined) => expect(joinFlowed(text, deletesSpace)).toBe(joined))

  test('is read so in a message', async () => {
    const folder = await StagingFolder.make()
    const content = 'See below.\r\n\r\n> The old crane lifts \r\n> three tons again.\r\n'
    const part = { type: 'text/plain; charset=utf-8; format=flowed', content, attached: false }
    const { text } = await folder.prepare('m.eml', mail([part]))
    expect(text).toContain('> The old crane lifts three tons again.')
  })
})

test('a calendar entry is text', () => {
  const entry = textPart(
    'text/calendar',
    undefined,
    bytes(
      'BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Europe/Oslo\nEND:VTIMEZONE\nBEGIN:VEVENT\nSUMMARY:Crane\\, second test\n' +
        'DTSTART;TZID=Europe/Oslo:20260107T090000\nDTEND:20260107T110000Z\nLOCATION:Quay 4\n' +
        'ORGANIZER;CN="Ann: Harbour":mailto:ann@example.org\nATTENDEE;CN=Bob:mailto:bob@example.org\n' +
        'DESCRIPTION:Bring the long\n  rope.\\n\\nNo bo\n ats.\nEND:VEVENT\nEND:VCALENDAR\n',
    ),
  )
  expect(entry?.name).toBe('Calendar')
  expect(entry?.markdown).toBe(
    '**Crane, second test**\n\n- **Start:** 2026-01-07 09:00 (Europe/Oslo)\n- **End:** 2026-01-07 11:00 UTC\n' +
      '- **Location:** Quay 4\n- **Organizer:** Ann: Harbour \\<ann@example.org>\n' +
      '- **Attendee:** Bob \\<bob@example.org>\n\nBring the long rope.\n\nNo boats.',
  )
})

test('a delivery report and the header of what came back are text', async () => {
  const folder = await StagingFolder.make()
  const status =
    'Reporting-MTA: dns; mail.example.org\r\n\r\nFinal-Recipient: rfc822; bob@example.org\r\nDiagnostic-Code: smtp; 550 The box\r\n is full'
  const { text, prepared } = await folder.prepare(
    'm.eml',
    mail([
      { type: 'text/plain', content: 'It came back.', attached: false },
      { type: 'message/delivery-status', content: status, attached: false },
      { type: 'text/rfc822-headers', content: 'Subject: The crane\r\nTo: bob@example.org', attached: false },
    ]),
  )
  expect(text).toContain('## Delivery report\n\n- **Reporting-MTA:** dns; mail.example.org')
  expect(text).toContain('- **Diagnostic-Code:** smtp; 550 The box is full')
  expect(text).toContain('## Header of the returned message\n\n- **Subject:** The crane')
  expect(text).not.toContain('unnamed')
  expect(prepared.notes).toEqual([])
})

test('a file without a name is read by its type', async () => {
  expect(nameOfType('application/x-tool')).toBe('unnamed (application/x-tool)')
  const folder = await StagingFolder.make()
  const { text, prepared } = await folder.prepare(
    'm.eml',
    mail([
      { type: 'text/plain', content: 'See the list.', attached: false },
      { type: 'text/csv', content: 'Boat,Fee\r\nTern,7' },
    ]),
  )
  expect(text).toContain('*Attached:* `unnamed.csv`')
  expect(prepared.attachments).toMatchObject([{ name: 'unnamed.csv' }])
})
