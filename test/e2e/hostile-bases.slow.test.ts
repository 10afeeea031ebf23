import { testHostileBases } from '../fuzz/sample.ts'

testHostileBases(1, 2, 3)
