import { describe, expect, it } from 'vitest'
import { KbError } from '../../../src/core/errors.ts'
import { kbgit } from '../../support/host-double.ts'
import { ADDED } from '../../support/kb-double.ts'

const asked = (run: Awaited<ReturnType<typeof kbgit>>) => run.calls.map(({ method, args }) => [method, args[0]])

describe('a conversation through a pipe', () => {
  it('answers line by line until the end of input', async () => {
    const run = await kbgit(['chat'], { stdin: 'What is it?\n\nAnd why?\n' })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(asked(run)).toEqual([
      ['openKb', expect.anything()],
      ['chat.start', undefined],
      ['session.ask', 'What is it?'],
      ['session.ask', 'And why?'],
      ['close', undefined],
    ])
    expect(run.stdout.match(/Attention\.\n/g)).toHaveLength(2)
    expect(run.stdout).not.toContain('> ')
  })

  it('runs slash commands', async () => {
    const stdin = [
      '/help',
      '/add "a b.pdf" c',
      '/list',
      '/status',
      '/search self attention',
      '/save My talk',
      '/save',
      '/lint',
      '/clear',
      '/exit',
      'never asked',
    ].join('\n')
    const run = await kbgit(['chat'], { stdin })
    expect(run).toMatchObject({ exitCode: 0, stderr: '' })
    expect(asked(run).slice(2)).toEqual([
      ['add', ['a b.pdf', 'c']],
      ['list', undefined],
      ['status', undefined],
      ['search', 'self attention'],
      ['session.save', 'My talk'],
      ['session.save', undefined],
      ['lint', expect.anything()],
      ['session.clear', undefined],
      ['close', undefined],
    ])
    expect(run.stdout).toContain('/search')
    expect(run.stdout).toContain('Saved as wiki/explorations/x.md (commit ffffffff).')
  })

  it('continues after a line that failed, and exits with its code', async () => {
    const answers = {
      'session.ask': (question: string) => {
        if (question === 'bad') throw new KbError('locked', 'Another kbgit works here.', { hint: 'Wait.' })
        return { question, at: '', answer: 'Good.', citations: [], model: null }
      },
    }
    const run = await kbgit(['chat'], { stdin: 'bad\n/nope\ngood\n', answers })
    expect(run.stderr).toBe(
      'kbgit: Another kbgit works here.\n  Wait.\nkbgit: Unknown command /nope. /help lists the commands.\n',
    )
    expect(run.stdout).toBe('Good.\n')
    expect(run.exitCode).toBe(11)
  })

  it('reports documents that /add could not add', async () => {
    const failed = [{ path: '/in/x', error: { code: 'empty', message: '/in/x is empty.' } }]
    const run = await kbgit(['chat'], { stdin: '/add x\n', answers: { add: () => ({ ...ADDED, failed }) } })
    expect(run.stderr).toBe('failed /in/x is empty.\n')
    expect(run.stdout).toContain('1 failed')
  })

  it('is refused with --json', async () => {
    expect(await kbgit(['chat', '--json'])).toMatchObject({ exitCode: 2, calls: [] })
  })
})
