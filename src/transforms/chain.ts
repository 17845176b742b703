import { types } from 'node:util';
import { messageOf } from '../model/errors.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { tooLong, type ChainProblem } from './chain-problem.ts';
import type { Step } from './load.ts';
import { stackPlace } from './stack-place.ts';
import { TransformError } from './transform-error.ts';
import type { TransformContext, TransformRecord } from './transform.ts';
import { WorkerBody } from './worker-body.ts';
import type { WorkerSettings } from './message.ts';

/** What runs a chain is told. */
export interface ChainSettings extends Pick<WorkerSettings, 'body' | 'maxBody' | 'timeoutMs'> {
  /** Told before each step, by its place in the chain. */
  readonly onStep: (step: number) => void;
  /** Told after each step for how long it kept this thread, whatever it awaits then. */
  readonly onCalled?: (spec: string, tookMs: Milliseconds) => void;
  /** Told whatever a step logs: a module need not be TypeScript. */
  readonly onLog: (message: unknown) => void;
  /** The folders of this program: no place there is told. */
  readonly own: readonly string[];
}

/** What a chain has made of a record; undefined: dropped. */
export type ChainResult =
  | { readonly record: TransformRecord | undefined; readonly body: WorkerBody }
  | { readonly problem: ChainProblem; readonly body: WorkerBody };

/** Hands the record from step to step. Never throws. */
export async function runChain(
  steps: readonly Step[],
  first: TransformRecord,
  bytes: Uint8Array,
  settings: ChainSettings,
): Promise<ChainResult> {
  const context = new Context(first, bytes, settings);
  let record = first;
  for (const [at, { spec, transform }] of steps.entries()) {
    settings.onStep(at);
    const calledAt = performance.now();
    context.record = record;
    let given: unknown;
    try {
      given = transform(record, context);
      settings.onCalled?.(spec, performance.now() - calledAt);
      given = types.isPromise(given) ? await given : given;
    } catch (error) {
      return { problem: context.problemOf(error, spec), body: context.body };
    }
    if (context.isLate) {
      return { problem: tooLong(spec, settings.timeoutMs), body: context.body };
    }
    if (given === undefined) {
      return { record: undefined, body: context.body };
    }
    if (!isRecord(given)) {
      const problem = `${spec} gave back ${nameOf(given)}, which is no record; undefined drops one`;
      return { problem: { code: 'TRANSFORM_RESULT', message: problem }, body: context.body };
    }
    record = given;
  }
  return { record, body: context.body };
}

/** The context of one record, for all steps of the chain. */
class Context implements TransformContext {
  readonly maxBody: Bytes;
  /** That of the step. */
  record: TransformRecord;
  body: WorkerBody;
  readonly #settings: ChainSettings;
  readonly #startedAt = performance.now();
  #signal: AbortSignal | undefined;

  constructor(record: TransformRecord, bytes: Uint8Array, settings: ChainSettings) {
    this.record = record;
    this.maxBody = settings.maxBody;
    this.#settings = settings;
    this.body = new WorkerBody(bytes, contentTypeOf(record), settings.body);
    this.body.install(record);
  }

  get bytes(): Uint8Array {
    return this.body.bytes;
  }

  get contentType(): string | undefined {
    return this.body.contentType;
  }

  /** Made when it is asked for: most transforms have no use for it. */
  get signal(): AbortSignal {
    const { timeoutMs } = this.#settings;
    this.#signal ??= Number.isFinite(timeoutMs)
      ? AbortSignal.timeout(Math.max(0, Math.ceil(this.#startedAt + timeoutMs - performance.now())))
      : new AbortController().signal;
    return this.#signal;
  }

  get isLate(): boolean {
    return performance.now() - this.#startedAt > this.#settings.timeoutMs;
  }

  log(message: string): void {
    this.#settings.onLog(message);
  }

  replaceBody(bytes: Uint8Array, contentType?: string): void {
    this.body = new WorkerBody(bytes, contentType, this.#settings.body);
    this.body.install(this.record);
    this.record.bytes = bytes.byteLength;
  }

  /** What was thrown, for a person: with its place in a file, unless it is meant for one. */
  problemOf(error: unknown, spec: string): ChainProblem {
    if (this.isLate) {
      return tooLong(spec, this.#settings.timeoutMs); // it has heard the signal
    }
    const place = error instanceof TransformError ? undefined : stackPlace(error, this.#settings.own);
    return { code: 'TRANSFORM_FAILED', message: `${place ?? spec}: ${messageOf(error)}` };
  }
}

function contentTypeOf({ headers }: TransformRecord): string | undefined {
  const type = headers?.['content-type'];
  return Array.isArray(type) ? type[0] : type;
}

function isRecord(value: unknown): value is TransformRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'a list' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
