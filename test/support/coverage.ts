// Loaded before each test file when coverage is measured: vitest ends its workers before Node would write the coverage.
import { takeCoverage } from 'node:v8'
import { afterAll } from 'vitest'

afterAll(() => takeCoverage())
