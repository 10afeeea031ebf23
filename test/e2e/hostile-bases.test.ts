import { testHostileBases } from '../fuzz/sample.ts'

testHostileBases(0)
