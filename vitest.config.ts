import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

// Every command that a test starts would compile the same sources again. Coverage counts less in code from a cache.
if (process.env['NODE_V8_COVERAGE'] === undefined)
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), `kbgit-test-code-${process.getuid?.() ?? 0}`)

/** `npm run coverage` sets it. The modules are then loaded by Node itself, so that what ran is counted by the lines of the source. */
const coverage = process.env['NODE_V8_COVERAGE'] !== undefined

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      { extends: true, test: { name: 'integration', include: ['test/integration/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], globalSetup: ['test/support/built-command.ts'] },
      },
    ],
    pool: 'forks',
    // One more than a small machine has cores: most tests wait for processes and for the disk half of the time.
    maxWorkers: 3,
    setupFiles: coverage ? ['test/support/coverage.ts'] : [],
    experimental: { viteModuleRunner: !coverage },
    // Real processes on a busy machine: a bound on hanging, not on speed.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
