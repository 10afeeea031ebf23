// The texts of `kbgit help <topic>`.

/** Topics of `kbgit help`, with a summary of each. */
export const TOPIC_SUMMARIES = {
  config: 'The keys of kbgit.yaml',
  'exit-codes': 'What the exit codes mean',
  formats: 'Supported document formats',
  history: 'Browse, blame, bisect and revert with git',
  recovery: 'What happens when a run is killed',
  sources: 'The feeds and pages that "kbgit watch" visits',
} as const
export type HelpTopic = keyof typeof TOPIC_SUMMARIES

export const TOPICS: Record<HelpTopic, string> = {
  config: `kbgit.yaml is at the root of a base and is read from the work tree; that of a headless base from its branch. Every key
is optional.

  version: 1
  model: builtin              builtin, agent, sampling, or provider/model: openai/…, anthropic/…, google/…, ollama/…,
                              compatible/…
  base_url:                   of an OpenAI-compatible server; also OPENAI_BASE_URL, ANTHROPIC_BASE_URL,
                              GOOGLE_BASE_URL, OLLAMA_BASE_URL
  language: en                of the wiki
  file_processing_jobs: 2     documents read and converted at once; commits are made one at a time
  concurrency: 5              model calls at once, over all documents
  model_retries: 4            retries after a server error
  model_failures_max: 5       consecutive failures of the model before the run stops
  context_tokens:             of a prompt and its answer together; default: what is known of the provider
                              (openai 128000, anthropic 200000, google 1000000, ollama 32768)
  output_tokens: 32000        most tokens of one answer, reasoning included
  query_steps: 8              model calls for one question, the answer included
  query_tokens: 100000        tokens that the calls for one question read and write
  vision_images_max: 20       pictures per document that a model describes, scanned pages first; 0 for none
  embeddings:                 provider/model or local:<folder or name>: search by meaning too (see docs/models.md)
  embeddings_url:             of the server for embeddings, as base_url
  pageindex_threshold: 20     pages from which a document is long and is kept page by page
  raw_git_limit: 10MiB        larger originals go to the blob store
  durability: power           or process: survives a killed process, not a power cut
  lock_wait: 60s              how long to wait for another kbgit
  entity_types: [person, organization, place, product, work, event, other]
  review: never               agents, models or always: whose changes wait on a review branch (see "kbgit review")
  queue:                      Redis at which "kbgit worker" takes documents to prepare: redis://host:6379, or rediss://
                              with TLS; also KBGIT_QUEUE, where a password belongs
  exchange:                   a folder that writer and workers share, for the bytes that otherwise go through Redis
  limits:
    source_max: 2GiB          size of one original
    convert_timeout: 120s     time to convert one document
    convert_memory: 1GiB      memory to convert one document
    archive_entries: 10000    files in one archive, office files included
    archive_bytes: 1GiB       size of one archive when unpacked
    fetch_max: 200MiB         size of one web page or download
    fetch_timeout: 60s
    redirects: 5

API keys come from the environment, then <base>/.env (kbgit never commits it), then the user's config folder.
kbgit.yaml may come from someone else, so keys and documents go to its base_url only if the environment names the
same address, or after you trust it in this repository:
  git config --add kbgit.trustedBaseUrl <address>
A server on this machine that gets no key needs no trust. An address in queue is likewise used only after:
  git config --add kbgit.trustedQueue <address>
SOURCE_DATE_EPOCH, if set, is the time of everything that is written, commits included.
KBGIT_DIR names the base; NO_COLOR and FORCE_COLOR control colours.
`,
  'exit-codes': `0    done; skipping known documents is not a failure
1    unexpected error
2    the command line or kbgit.yaml is wrong, or a document or page does not exist
3    some documents failed, the rest were added; fsck: problems found
10   no knowledge base here
11   locked by another kbgit, after waiting lock_wait
12   the repository cannot be written to now: merge or rebase in progress, conflicts, detached HEAD
13   git is missing or failed
14   rolled back, nothing was changed
15   needs a person: something was set aside (see "kbgit help recovery")
130  interrupted, or a confirmation was declined

With --json, an error is {"error":{"code","message","hint"?}} on stdout.
`,
  formats: `.pdf .docx .pptx .xlsx .xls .html .htm .md .markdown .txt .csv .tsv .json .jsonl .xml .rss .epub .ipynb
.odt .ods .odp .rtf .eml .msg .png .jpg .webp .tiff, and http(s) URLs of web pages, PDF files, pictures and text.

Formats are detected by content, then by extension. Other files are skipped in a folder and fail when named.
Pictures are skipped in a folder too: name them to add the text on them.
Hidden files, .git folders, symlinks and special files in folders are ignored. The wiki is sanitized: no
scripts, forms or frames, and remote images become links.
`,
  history: `Every document is one commit, so git itself answers most questions.

  kbgit log                          history by document
  kbgit log <doc>                    history of one document
  kbgit blame concepts/<name>        which document each line of a page came from
  kbgit list --at HEAD~10            the base as it was; also status, show, search, query, log, blame, fsck
  git log --oneline -- wiki/concepts/<name>.md
  git revert <commit>                undo the change; revert the revert to restore it
  git bisect start HEAD <old>        find the document that introduced a claim:
  git bisect run sh -c '! grep -rq "the claim" wiki/'

Commits carry trailers: Kbgit-Document, Kbgit-Digest, Kbgit-Compiler, Kbgit-Transaction, and Kbgit-Model.
`,
  recovery: `The git commit is the only truth. Until the branch moves to a document's commit, nothing visible has changed;
after that, the remaining steps can always be finished. A killed run needs no action: the next kbgit command that
writes finishes or undoes what it left behind; "kbgit recover" does so immediately.

  Ctrl-C once        the current document is finished or undone, exit code 130
  Ctrl-C twice       stops immediately; the next command recovers
  kbgit status       shows what is unfinished
  kbgit fsck         checks every invariant
  kbgit recover --rebuild   rebuilds the sidecar (search tables, page trees) from the commit

What five attempts could not recover is set aside, never deleted: <git directory>/kbgit/quarantine/ holds the record of
the transaction, with the paths it touched and their hashes. Compare these paths with "git status" and "git diff", keep
what you want, then move the record away.
`,
  sources: `sources.yaml is at the root of a base, beside kbgit.yaml. It is a file of yours: commit it like any other. It lists
feeds (RSS and Atom) and pages that "kbgit watch" visits on their schedule, at once at first:

  - feed: https://example.org/news.xml
    every: 6h                 1m to 366d, as 30m, 6h or 1d; default: 1d
    name: Example News        for messages
  - url: https://example.org/handbook
    every: 1d

A new entry of a feed is added as a document, by its link; of a feed that was never visited, the 50 newest ones. If the
link cannot be fetched, what the feed itself has of the entry is added instead, with a note. Each entry is added once.
A page that has changed is an update of its document. Servers are asked for changes only (ETag, Last-Modified).

"kbgit status" shows the last visits and the next ones. A source that answers 404 or 410, or that failed at its last
five visits, is reported as gone there; it is still visited, and its documents stay. Delete it from the file yourself.

  kbgit watch                 visits what is due until it is stopped
  kbgit watch --once          visits what is due and ends: for cron and CI; exit code 3 if something failed

Only public addresses are fetched, for feeds and their links too, unless --allow-private is given.
docs/watch.md shows how to run it as a service.
`,
}
