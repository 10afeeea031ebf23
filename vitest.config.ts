import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/{unit,integration,e2e}/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Real processes on a busy machine: a bound on hanging, not on speed.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
