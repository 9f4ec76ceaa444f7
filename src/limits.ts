/**
 * Every bound of Steward with its reason. A bound that a vendor states names its source; the others are ours.
 */

/** One manifest file. Ten thousand resources written out in full are about 3 MB. */
export const manifestBytesMax = 16 * 1024 * 1024;
/** Nodes after aliases are followed: an alias bomb ends here, ten thousand resources need about 100 000. */
export const manifestNodesMax = 2_000_000;
/** Lexemes of a file that is not everyday YAML: the library's tree of a million takes about 500 MB and 4 s. Ten thousand users are 450 000. */
export const manifestLexemesMax = 1_000_000;
/** Files that one manifest folder may hold. */
export const manifestFilesMax = 1_000;
/** Nesting of a manifest; our schemas need at most six. */
export const manifestDepthMax = 32;
/** Characters and entries that the expressions of synthesised JSON make together; ten thousand resources make about 500 000. */
export const evaluatedMax = 8 * 1024 * 1024;
/** Stacks that one CDKTF app may synthesise. */
export const stacksMax = 200;
/** How long a CDKTF app may take to synthesise; 5,000 constructs take a few seconds. */
export const appTimeoutMs = 5 * 60_000;
/** Diagnostics printed for one manifest; the rest are counted. */
export const diagnosticsShownMax = 100;
/** A plan file; bounded before it is parsed. */
export const planBytesMax = 64 * 1024 * 1024;
/** Lists and maps inside one another in a plan file or a refresh file; those that we write need about 20. */
export const fileDepthMax = 100;
/** A file of `steward refresh`; ten thousand users are about 12 MB. */
export const actualFileBytesMax = 256 * 1024 * 1024;
/** Age above which a plan file is refused: whoever reviewed it reviewed another world. The tool's limit, never the file's. */
export const planAgeMaxMs = 7 * 24 * 3_600_000;
/** Clocks of two machines may differ by this much before a plan counts as coming from the future. */
export const clockSkewMaxMs = 5 * 60_000;
/** Answer of a system; a list of ten thousand users is about 6 MB. */
export const responseBytesMax = 64 * 1024 * 1024;
/** How long one request may take, unless the system says otherwise. */
export const requestTimeoutMs = 30_000;
/** How long after a cut create it may still be committed (`commit_grace` of a system). */
export const commitGraceMs = 60_000;
/** Steps that one apply runs side by side; the connectors bound their own systems tighter. */
export const stepsConcurrencyMax = 16;
/** VeloCloud: "only a handful of requests in flight" (systems.md 1.5, S1). */
export const velocloudConcurrencyMax = 4;
/** VeloCloud: penalty after a 429, constant (systems.md 1.5, S1). */
export const velocloudPenaltyMs = 5_000;
/** VeloCloud: tries per request while 429 goes on; two minutes of penalty, then the fault is reported. */
export const velocloudPenaltyTriesMax = 24;
/** VeloCloud: lifetime of a token is at most 12 months (systems.md 1.3, S1); counted as 365 days, the stricter reading. */
export const velocloudTokenLifetimeMaxMs = 365 * 24 * 3_600_000;
/** Momentus: no limit is documented; a careful guess. */
export const momentusConcurrencyMax = 4;
/** Momentus: wait after a 429. Whether it ever answers one is not found. */
export const momentusPenaltyMs = 5_000;
/** Momentus: tries per request while 429 goes on; two minutes, then the fault is reported. */
export const momentusPenaltyTriesMax = 24;
/** Momentus: a token is made for each call and lives as long as those of the vendor's own client (systems.md 2.1, U1). */
export const momentusTokenLifetimeSeconds = 120;
/** Momentus: tokens are judged by the system's clock; `doctor` warns before their two minutes are used up. */
export const momentusClockSkewMaxMs = 30_000;
/** Momentus: rows of a page of a search; the server may give fewer. */
export const momentusPageSize = 500;
/** Momentus: pages of one search, so that links in a circle end. */
export const momentusPagesMax = 10_000;
/** iPresso: no limit of its API is documented; a careful guess. */
export const ipressoConcurrencyMax = 4;
/** iPresso: wait after a 429. Whether it ever answers one is not found; its error code 2 says "exceeded limit". */
export const ipressoPenaltyMs = 5_000;
/** iPresso: tries per request while 429 goes on; two minutes, then the fault is reported. */
export const ipressoPenaltyTriesMax = 24;
/** A refusal that an appending command recorded is not probed again for this long. */
export const probeRefusalRestMs = 24 * 3_600_000;
/** Records after the last snapshot before a command that appended writes a new one; reading that many takes about 10 ms. */
export const snapshotEveryRecords = 500;
/** Recorded objects that a list does not show and that are asked for one by one; with more, the guard speaks first. */
export const missingReadsMax = 20;
/** Tries of a read that failed on the way; writes are never tried again. */
export const readTriesMax = 3;
/** Wait between tries of a read. */
export const readRetryMs = 1_000;
/** How much of a vendor's message an error text repeats. */
export const vendorMessageCharactersMax = 300;
/** Finished plans whose digests the state remembers, so that one which is applied again is told apart from a stale one. */
export const finishedPlansMax = 50;
/** One value that a person tells about a step; a JWT has about two thousand characters. */
export const answerCharactersMax = 16_384;
/** A page of a console; a list of a thousand users is about 300 kB. */
export const consolePageCharactersMax = 2 * 1024 * 1024;
/** Elements of such a page; a row of a list is about ten. */
export const consolePageElementsMax = 50_000;
/** Elements inside one another; the pages that we read need about fifteen. */
export const consolePageDepthMax = 100;
/** Redirects after one click; a form needs one, an ended session two. */
export const consoleRedirectsMax = 5;
/** Cookies of one console and characters of each, less than browsers keep. */
export const consoleCookiesMax = 20;
export const consoleCookieCharactersMax = 4_096;
/** One value of a form; the longest that we fill in is a description. */
export const consoleFieldCharactersMax = 65_536;
/** Pages of one list of a console, so that links in a circle end; a page shows twenty rows or more. */
export const consoleListPagesMax = 500;
/** How long a window that comes up only sometimes is waited for. */
export const consolePromptMs = 2_000;
/** How long a control of a console may take to appear after everything was loaded. */
export const consoleWaitMs = 10_000;
/** How long a page or a change of a console may take to be answered after an act, as long as any request. */
export const consoleLoadMs = 30_000;
/** How long what scripts of a console ask for is waited for after an act. Some ask for news without an end; what a later act needs, it waits for itself. */
export const consoleQuietMs = 5_000;
/** How long a browser may take to start; an old machine needs about five seconds. */
export const browserStartMs = 30_000;
/** How long a picture of a page may take. */
export const pictureMs = 10_000;
/** Runs whose pictures stay; one of twenty steps makes about 5 MB. */
export const evidenceRunsMax = 20;
/** How long a person may take to sign in at the window of `steward console login`, with a second factor from elsewhere. */
export const consoleLoginMs = 10 * 60_000;
/** How long `steward console check` looks for a label that is not there; the page was loaded before. */
export const consoleCheckWaitMs = 2_000;
/** One label of a console as `screens` says it. */
export const screenWordsCharactersMax = 200;
/** Veson: calls of the data plane side by side; no limit is documented, and only proofs go there. */
export const vesonConcurrencyMax = 4;
/** Veson: wait after a 429. Whether it ever answers one is not documented. */
export const vesonPenaltyMs = 5_000;
/** Veson: tries per request while 429 goes on; a minute, then the proof counts as inconclusive. */
export const vesonPenaltyTriesMax = 12;
