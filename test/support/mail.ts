// Builds mail messages for tests.
export type Part = { type: string; name?: string; content: string | Uint8Array; attached?: boolean }

/** A message with these parts, in order. */
export const mail = (parts: Part[], head = 'Subject: Outer'): string =>
  [
    'From: Ann <ann@example.org>',
    head,
    'Date: Fri, 5 Apr 2024 12:34:56 +0200',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="b"',
    '',
    ...parts.map(({ type, name, content, attached = true }) =>
      [
        '--b',
        `Content-Type: ${type}${name === undefined ? '' : `; name="${name}"`}`,
        ...(attached ? [`Content-Disposition: attachment${name === undefined ? '' : `; filename="${name}"`}`] : []),
        ...(typeof content === 'string'
          ? ['', content]
          : ['Content-Transfer-Encoding: base64', '', Buffer.from(content).toString('base64')]),
      ].join('\r\n'),
    ),
    '--b--',
  ].join('\r\n')
