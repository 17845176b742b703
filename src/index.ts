/** The library: `import { bulkFetch } from 'bulkfetch'`. Re-exports only. */
export { bulkFetch } from './bulk-fetch.ts';
export { BulkFetch, type RunChoices, type RunSettings } from './run.ts';
export {
  openSources,
  type CountableSource,
  type SourceSettings,
  type TaskFields,
  type TaskInput,
} from './sources/index.ts';
export { failureCodes, type Failure, type FailureCode, type FailureKind } from './model/failure.ts';
export { ReaderGoneError, SinkError, UsageError } from './model/errors.ts';
export {
  resolveOptions,
  type FetchOptions,
  type ResolvedOptions,
  type RetryCause,
} from './model/options/options.ts';
export type { LibraryOptions, TransformOptions } from './model/options/transform-options.ts';
export type { TransformFigures } from './model/transform-figures.ts';
export type { Transform, TransformContext, TransformRecord } from './transforms/transform.ts';
export { buildRequest, type RequestBase } from './model/request.ts';
export { FetchRecord, type Timing } from './model/record.ts';
export { recordLine } from './model/line.ts';
export type { AutoConcurrency, EngineStats, HostConcurrency, TrippedHost } from './model/stats.ts';
export type { SentMarks } from './model/marks.ts';
export type { RunEvent, RunObserver } from './model/observer.ts';
export type { RunState } from './model/run-state.ts';
export type { RequestSpec, Task } from './model/task.ts';
export type { Sink } from './sinks/sink.ts';
export type { SummaryReport } from './report/report.ts';
export { renderReport, type Screen } from './report/render.ts';
