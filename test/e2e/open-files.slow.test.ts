// A limit on open files: whatever cannot be opened, the command ends with the contract's code and one JSON document.
import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { KBGIT } from '../support/command.ts'
import { Workplace } from '../support/workplace.ts'

it.each([41, 43, 45, 47, 50])('ends in order with at most %i open files', async (limit) => {
  using place = await Workplace.withBase()
  for (let n = 1; n <= 4; n++) place.write(`in/n${n}.md`, `# Note ${n}\n\nA text on tides ${n}.\n`)
  const script = `ulimit -n ${limit}; exec "$0" "$@"`
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', script, process.execPath, KBGIT, '--json', 'add', '../in'],
    {
      cwd: place.base,
      env: { ...process.env, ...place.env },
      encoding: 'utf8',
    },
  )
  expect([0, 3, 14]).toContain(status)
  expect(() => JSON.parse(stdout) as unknown).not.toThrow()
  expect(stderr).not.toContain('    at ')
  expect(place.git('status', '--porcelain')).toBe('')
  expect((await place.kbgit('add', '../in')).code).toBe(0)
  expect(await place.json('fsck')).toMatchObject({ code: 0 })
})
