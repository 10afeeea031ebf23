// The texts of `kbgit help <topic>`.

/** Topics of `kbgit help`, and what they tell. */
export const TOPIC_SUMMARIES = {
  config: 'The keys of kbgit.yaml',
  'exit-codes': 'What the exit codes mean',
  formats: 'Documents that can be taken in',
  history: 'Browse, blame, bisect and revert with git',
  recovery: 'What happens when a run dies',
} as const
export type HelpTopic = keyof typeof TOPIC_SUMMARIES

export const TOPICS: Record<HelpTopic, string> = {
  config: `kbgit.yaml stands at the root of a base and is read from the work tree. Every key may be left out.

  version: 1
  model: builtin              builtin, or provider/model: openai/…, anthropic/…, google/…, ollama/…, compatible/…
  base_url:                   of an OpenAI-compatible server; also OPENAI_BASE_URL, ANTHROPIC_BASE_URL,
                              GOOGLE_BASE_URL, OLLAMA_BASE_URL
  language: en                of the wiki
  file_processing_jobs: 2     documents prepared at once: reading and converting files; commits stay one by one
  concurrency: 5              model calls at once, over all documents
  model_retries: 4            tries again after an error of the server
  model_failures_max: 5       documents in a row that fail for the model before the run stops
  pageindex_threshold: 20     pages from which a document is long and is kept page by page
  raw_git_limit: 10MiB        larger originals go to the blob store
  durability: power           or process: survives a killed process, not a power cut
  lock_wait: 60s              how long to wait for another kbgit
  entity_types: [person, organization, place, product, work, event, other]
  limits:
    source_max: 2GiB          size of one original
    convert_timeout: 120s     time to convert one document
    convert_memory: 1GiB      memory to convert one document
    archive_entries: 10000    files in one archive, office files included
    archive_bytes: 1GiB       size of one archive when unpacked
    fetch_max: 200MiB         size of one web page or download
    fetch_timeout: 60s
    redirects: 5

API keys come from the environment, then <base>/.env (never committed), then the user's config folder.
kbgit.yaml may be somebody else's, so keys and documents go to its base_url only where the environment names the
same address, or once it was trusted in this repository:
  git config --add kbgit.trustedBaseUrl <address>
A server on this machine that is given no key needs no trust.
SOURCE_DATE_EPOCH is the time of everything that is written, commits included, where it is set.
KBGIT_DIR names the base; NO_COLOR and FORCE_COLOR decide on colours.
`,
  'exit-codes': `0    done; documents that are there already are skipped, which is no failure
1    something unexpected
2    the command line or kbgit.yaml is wrong, or there is no such document or page
3    some documents failed, the others are in; for fsck: something does not hold
10   no knowledge base here
11   locked by another kbgit, after waiting lock_wait
12   the repository is not in a state to write to: merge or rebase under way, conflicts, detached HEAD
13   git is missing or failed
14   rolled back, nothing was changed
15   needs a person: something was set aside (see "kbgit help recovery")
130  interrupted, or a question was answered with no

With --json, an error is {"error":{"code","message","hint"?}} on stdout.
`,
  formats: `.pdf .docx .pptx .xlsx .xls .html .htm .md .markdown .txt .csv .tsv .json .xml .rss .epub .ipynb
.odt .ods .odp .rtf .eml .msg, and http(s) URLs of web pages, PDF files and text.

The content decides first, the extension second. Any other file is skipped in a folder, and fails when it is named.
Hidden files, .git folders, symlinks and special files in folders are ignored. What reaches the wiki is inert: no
scripts, forms or frames, and remote images become links.
`,
  history: `Every document is one commit, so git itself answers most questions.

  kbgit log                          what happened, in the words of documents
  kbgit log <doc>                    what happened to one
  kbgit blame concepts/<name>        which document each line of a page came from
  kbgit list --at HEAD~10            the base as it was; also status, show, search, query, log, blame, fsck
  git log --oneline -- wiki/concepts/<name>.md
  git revert <commit>                takes a document out again; revert the revert, and it is back
  git bisect start HEAD <old>        which document brought a claim:
  git bisect run sh -c '! grep -rq "the claim" wiki/'

Commits carry trailers: Kbgit-Document, Kbgit-Digest, Kbgit-Compiler, Kbgit-Transaction, and Kbgit-Model.
`,
  recovery: `The git commit is the only truth. Before the branch moves to a document's commit nothing that you can see has changed;
after it, what is left to do can always be finished. A run that was killed needs nothing: the next kbgit command that
writes finishes or undoes what it left, and "kbgit recover" does that at once.

  Ctrl-C once        the document in hand is finished or undone, exit code 130
  Ctrl-C twice       ends at once; the next command recovers
  kbgit status       says what is unfinished
  kbgit fsck         checks every invariant
  kbgit recover --rebuild   makes the sidecar (search tables, page trees) again from what is committed

What five attempts could not recover is set aside, never deleted: <git directory>/kbgit/quarantine/ holds the record of
the transaction, with the paths it touched and their hashes. Compare these paths with "git status" and "git diff", keep
what you want, then move the record away.
`,
}
