/**
 * The library: what a program may import. Importing it does nothing; every effect goes through the ports that a program hands in.
 */

export { type AnswerReport, type AskedStep, answerStep, askedStep, showStep } from "./apply/answer.ts";
export {
  type ApplyOptions,
  type ApplyReport,
  applyPlan,
  type PlanRequest,
  planNow,
  planSafely,
} from "./apply/apply.ts";
export { abandonRun, recover } from "./apply/runs.ts";
export { type Doubt, settleDoubts } from "./apply/settle.ts";
export type { Lock, LockOwner, LogContents, LogRecord, StateLog } from "./backends/backend.ts";
export { type LocalLogOptions, openLocalLog } from "./backends/local.ts";
export { type BuiltInConnector, builtInConnectors } from "./connectors/all.ts";
export type {
  Connector,
  Facts,
  Finding,
  Kind,
  Listing,
  OpenSystem,
  Operation,
  Outcome,
  Probe,
  Settled,
  StepContext,
  SystemAccess,
  View,
} from "./connectors/connector.ts";
export {
  type Diagnostic,
  exitCodes,
  Fault,
  type FaultDetails,
  InvalidManifest,
  Refusal,
} from "./diagnostic.ts";
export { type Drift, findDrift } from "./drift.ts";
export { assertSafe, type GuardInput } from "./guard.ts";
export type {
  Clock,
  Disk,
  HttpRequest,
  HttpResponse,
  Io,
  Mail,
  Mailer,
  MailServer,
  Random,
  Transport,
} from "./io.ts";
export type { ReadFiles } from "./manifest/files.ts";
export type { GuardConfig, Manifest, Moved, SinkConfig, SystemConfig } from "./manifest/manifest.ts";
export { type ParseInput, parseManifest } from "./manifest/parse.ts";
export { type ReadOptions, readManifest } from "./manifest/read.ts";
export type { Observation, SystemObservation } from "./observation.ts";
export { type ActualFile, actualFileText, makeActualFile, parseActualFile } from "./plan/actual-file.ts";
export { assertFresh, assertSamePlan, digestOfPlan, parsePlan, planText } from "./plan/file.ts";
export { makePlan, type PlanInput, type PlanResult } from "./plan/plan.ts";
export { nodeFiles } from "./platform/manifest-files.ts";
export { type NodeIoOptions, nodeIo } from "./platform/node-io.ts";
export { type RefreshOptions, type RefreshWatch, refresh } from "./refresh.ts";
export { renderInstruction } from "./render/instruction.ts";
export type { Instruction, InstructionOptions } from "./render/instruction-view.ts";
export { type PlanDocument, renderPlanJson } from "./render/plan-json.ts";
export { renderPlanMarkdown } from "./render/plan-markdown.ts";
export { renderPlanText } from "./render/plan-text.ts";
export { type RunbookOptions, renderRunbook } from "./render/runbook.ts";
export type { Actual, Address, Plain, Resource, SecretRef, Source, StateEntry, Value } from "./resource.ts";
export type { AttributeSchema, KindSchema } from "./schema.ts";
export { loadKindSchemas, loadLabels } from "./schema-files.ts";
export type { Act, Answer, AnswerResult, Ask, Label, Screen, ScreenField, ScreenResult } from "./screen.ts";
export { Secret, type SecretTarget } from "./secret.ts";
export { openSink, type SinkSurroundings, secretPathProblem, sinkSettings } from "./sinks/open.ts";
export type { SecretMeta, Sink, Slot } from "./sinks/sink.ts";
export { type Event, emptyState, foldRecords, type OpenRun, type Pins, type State } from "./state.ts";
export type { Change, Consents, Plan, Step, StepReport, StepResult } from "./step.ts";
export { pinOfSink, pinOfSystem } from "./trust.ts";
export { version } from "./version.ts";
export { loadState, Workspace, type WorkspaceOptions } from "./workspace.ts";
