// Words that technical and business prose uses everywhere, and that are too rare in everyday language for the list of common
// words: roles, verbs and their nouns, parts of any program, document or organisation. Alone they tell nothing about a
// document that is not about them.
import { topicKey } from '../../core/page/topic.ts'

const TERMS = `
accessor accountability adjustment admin administrator adoption advisor affordance aggregation algorithm allocation ambiguity analysis analyst
annotation anchor applicant approver arch architecture arithmetic artifact aspect assertion assignee assignment assumption attacker
attendee audit author authority automation availability backend baseline basis batch behaviour benchmark binary binding bit blob
blocker body boilerplate boolean boundary bracket branch brace breakage bug build builder bullet byte bytes cache callee caller candidate category
caveat char character chart checkbox checker checklist choice chunk clause clarity class cleanup client clock coder codebase coder
collaborator colon column combination comma command comment commit committer committee community comparison compatibility compilation compile compiler-writer
complexity component composition con cons conclusion concurrency config configuration conflict connection consensus consistency constant constraint construct
constructor consumer container contributor convention conversion coordinator correctness counter coverage creator criterion criteria customer cycle
dash data database dataset debug debugging declaration decision default definition delegate deletion delimiter deliverable deployment
deprecation derivation designer destination developer device diagnostics diagram dialog difference digit directive directory distribution divergence docs
documentation domain downside downstream drawback duplicate duplication ecosystem edit editor efficiency element email
emission encoding endpoint engineer enhancement entity entry equality equivalent ergonomics error evaluation evaluator
event evidence exclusion execution expansion expectation experiment expert explanation export expression extension external fallback failure
feasibility feedback field file filter flag flexibility flow folder font footer format formatting formula framework frontend function functionality
generalization getter glue goal grammar granularity graph group guarantee guideline handle handling handler hardware header heuristic hierarchy highlight
host hyphen icon identifier implementation implementer implementor import improvement inclusion inconsistency increment indentation index indirection inference infrastructure
initialization initializer initiative innovation enablement input insertion inspection installation instance integer integration interaction interface
interpretation invocation issue item iteration keyword label latency layer layout lead leader legend leverage library limitation
line link linking list listing literal loader logic loop lookup machine machinery maintainability maintainer maintenance manager mapping
margin marker match matching mechanism member membership memory merge message metadata method metric migration minimum misuse mode modification
modifier module monitor motivation naming negation network newbie newcomer node notation notification null number object offset onboarding
operand operation operator opt-in opting-in opt-out optimization option ordering orchestration organization origin outcome output overhead override overview owner package
padding page pagination paradigm parameter parenthesis parentheses parse parser parsing participant partner pass payload percentage
performance permission persistence phase pipeline pitfall placeholder plaintext platform plugin pointer policy pool portability portion position
postcondition pr precedence precondition predecessor preference prefix preparation prerequisite presence print privilege procedure process
processing processor producer production productivity program programmer programming project prompt proof property proposal proposer protocol prototype provider
pseudocode punctuation quantity quarter query queue quotation quote range ratio rationale readability reader receiver recipient recommendation reconciliation record
recursion redundancy refactor refactoring reference refinement region registration registry regression rejection release reliability removal renaming rendering repetition replacement
reporter repo repository representation requirement researcher resolution resource restriction result retry return reuse reviewer revision risk robustness
role root row rule runtime safeguard sample scalability schedule schema scope script section seller semantic semantics semicolon sender separation separator sequence server
service session setting setter setup shell shorthand signature significance simplicity simplification snippet snapshot software source
space specification speedup stability stabilization stage stakeholder stack statement statistics status step storage strategy stream string structure style sub-team subclass subfolder subset substitution
subtlety succinct suffix suggestion summary superset supplier support surface symbol symmetry syntax system tag tagging target task team teammate template temporaries
terminology test tester testing text theorem threshold throughput timeline timeout timestamp token tooling toolchain total tradeoff traffic transition translation transformation
traversal tree trigger tuning type typo uncertainty underscore understanding unification uniqueness unit update upgrade upstream usability usage user utility
uppercase lowercase username utility api array attribute backup buffer callback checksum console cpu decimal descriptor disk hash helper hostname
interval literal newline operand pathname qualifier radix slash stderr stdin stdout stdlib toolkit hassle executable authentication std dereference validation validator value variable variance variant variation vendor verification version versioning victim viewer visibility visitor vocabulary
vulnerability walkthrough warning whitespace widget wildcard workaround worker workflow workspace-wide wrapper writer yank`

/**
 * Further words by document frequency: the nouns in at least one of twenty texts, of 1,900 manual pages and of 1,200 READMEs and
 * documents of packages (each half of the figure), that are not among the thousand commonest words of everyday language.
 */
const FREQUENT = `
abort absolute accept accessible actual addition affect alias allocate allow alternative appear approach appropriate arbitrary
argument attempt avoid begin behavior block break browser capability cause checkout clone compatible compiler completion
configure connect consider consist const contain context continue convert copy core count creation custom define delete depend
dependency dependent describe detect determine diff disable drop dynamic emit enable engine ensure escape exception execute
exist exit expect experimental fail fetch filename filesystem fix float follow force fork generate generation generic happen
hold hook identical ignore implement improve incorrect indicate install instruction int invalid invoke kernel latter legacy
length limit load locale macro manual mask master maximum modify move namespace numeric obtain occur optional pair parent patch
path pattern perform pipe port portable prevent primary priority produce progress pull purpose push readable reason rebase
redistribute reduce ref refer regardless relative remove replace represent require reset resolve restrict sense signal
significant skip socket specify split stop struct subdirectory success successful suitable suite switch symbolic terminal
terminate throw tracker turn unknown unnecessary verbatim verify virtual void wait width`

const COMMON = new Set(
  `${TERMS} ${FREQUENT}`
    .trim()
    .split(/\s+/)
    .flatMap((word) => [word, topicKey(word)]),
)

/** Lower case. */
export function isCommonTerm(word: string): boolean {
  return COMMON.has(word)
}
