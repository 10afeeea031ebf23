// A worker that fails in the way that a test requests.
export default async function act(task: { act: string; value?: unknown }): Promise<unknown> {
  switch (task.act) {
    case 'exit':
      // oxlint-disable-next-line unicorn/no-process-exit -- what a converter should not do is the test
      return process.exit(3)
    case 'hang':
      for (;;);
    case 'never':
      return new Promise(() => {})
    case 'backtrack':
      return /^(a+)+$/.test(`${'a'.repeat(60)}b`)
    case 'heap': {
      const kept: unknown[] = []
      for (;;) kept.push(Array.from({ length: 1_000 }, () => ({})))
    }
    case 'buffers': {
      const kept: Buffer[] = []
      for (;;) {
        kept.push(Buffer.alloc(8 * 1024 ** 2, 1))
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    case 'throw':
      throw new Error('thrown on purpose')
    case 'abort':
      return process.abort()
    case 'fault':
      process.kill(process.pid, 'SIGSEGV')
      return new Promise(() => {})
    case 'print':
      process.stdout.write('noise of a library\n')
      return task.value
    default:
      return task.value
  }
}
