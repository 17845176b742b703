import type { Failure } from '../model/failure.ts';
import type { ResolvedOptions } from '../model/options/options.ts';
import { readsBody } from '../model/options/next-rule.ts';
import type { Content } from '../model/body/value.ts';
import { FetchRecord, type RecordFields } from '../model/record.ts';
import type { Bytes, Milliseconds } from '../model/units.ts';
import { toContent } from '../model/body/content.ts';
import { decompress, decompressSync, isEncoded } from './body/decompress.ts';
import { Errand } from './errand.ts';
import type { Job } from './job.ts';
import type { Lane } from './lane.ts';

/** Wire bodies above this are decompressed off the event loop, which they would hold for milliseconds. */
const mostSync: Bytes = 256 * 1024;

/** Makes the record of a task that has ended, and of its body what `--body` asks for. */
export class Recorder {
  readonly #options: ResolvedOptions;
  /** The form of the bodies of tasks that succeed. */
  readonly #form: ResolvedOptions['body'];
  /** From the monotonic clock to the epoch; read once, so that a stepped clock moves no record. */
  readonly #epoch = Date.now() - performance.now();

  /** `keepsBytes`: bodies stay bytes; those of tasks that failed are shown all the same. */
  constructor(options: ResolvedOptions, keepsBytes: boolean) {
    this.#options = options;
    const isForRule = options.body === 'none' && readsBody(options.next);
    this.#form = keepsBytes ? 'base64' : isForRule ? 'text' : options.body;
  }

  /**
   * The record of a task whose last exchange has ended on `lane`; a promise when a large body has to
   * be decompressed. All of the lane is read before this returns, for its memory is used again.
   */
  record(
    lane: Lane,
    job: Job,
    reason: Failure | undefined,
    now: Milliseconds,
  ): FetchRecord | Promise<FetchRecord> {
    if (!lane.isWhole || lane.received === 0 || this.#formOf(job, reason) === 'none') {
      return new FetchRecord(
        this.#fields(lane, job, now, lane.isWhole ? lane.received : undefined, undefined, reason),
      );
    }
    const encoding = lane.headers['content-encoding'];
    const { maxBody = this.#options.maxBody } = job;
    if (!isEncoded(encoding)) {
      return new FetchRecord(
        this.#fields(lane, job, now, lane.received, this.#content(lane.wireBody, lane, job, reason), reason),
      );
    }
    if (lane.received > mostSync) {
      return this.#later(lane, job, reason, now, decompress(lane.wireBody, encoding, maxBody));
    }
    const body = decompressSync(lane.wireBody, encoding, maxBody);
    return 'kind' in body
      ? new FetchRecord(this.#fields(lane, job, now, undefined, undefined, reason ?? body))
      : new FetchRecord(
          this.#fields(lane, job, now, body.length, this.#content(body, lane, job, reason), reason),
        );
  }

  /** The record of a task that ends without an exchange: invalid input, or given up while it waited. */
  withoutExchange(job: Job, reason: Failure, now: Milliseconds): FetchRecord {
    const { index, id = String(index), meta } = job.task;
    const { url } = job.start;
    const startedAt = Number.isNaN(job.startedAt) ? now : job.startedAt;
    const total = now - startedAt;
    const timing = total === 0 ? { queue: 0, total } : { queue: 0, earlier: total, total };
    const { attempts } = job;
    return new FetchRecord({
      index,
      id,
      url,
      ok: false,
      attempts,
      error: reason,
      page: this.#pageOf(job),
      isResumed: isResumed(job),
      timing,
      startedAt: this.#epoch + startedAt,
      meta,
    });
  }

  #fields(
    lane: Lane,
    job: Job,
    now: Milliseconds,
    bytes: Bytes | undefined,
    content: Content | undefined,
    error: Failure | undefined,
  ): RecordFields {
    const { task, start, startedAt } = job;
    const hasAnswer = lane.status !== 0;
    return {
      index: task.index,
      id: task.id ?? String(task.index),
      url: start.url,
      finalUrl: job.url === start.url ? undefined : job.url,
      page: this.#pageOf(job),
      isResumed: isResumed(job),
      ok: error === undefined,
      attempts: job.attempts,
      status: hasAnswer ? lane.status : undefined,
      httpVersion: hasAnswer ? lane.channel.httpVersion : undefined,
      headers: hasAnswer ? lane.headers : undefined,
      bytes,
      content,
      error,
      timing: lane.clock.timing(now, startedAt),
      startedAt: this.#epoch + startedAt,
      meta: task.meta,
    };
  }

  /** Absent where pages are not followed. */
  #pageOf(job: Job): number | undefined {
    return this.#options.next === undefined ? undefined : job.page;
  }

  /** A record without its body, made while the lane still shows the exchange, and completed later. */
  async #later(
    lane: Lane,
    job: Job,
    reason: Failure | undefined,
    now: Milliseconds,
    decompressing: Promise<Buffer | Failure>,
  ): Promise<FetchRecord> {
    const draft = this.#fields(lane, job, now, undefined, undefined, reason);
    const body = await decompressing;
    if ('kind' in body) {
      const error = reason ?? body;
      return new FetchRecord({ ...draft, ok: false, error });
    }
    return new FetchRecord({
      ...draft,
      bytes: body.length,
      content: this.#content(body, draft, job, reason),
    });
  }

  #content(
    body: Buffer,
    { headers }: Pick<RecordFields, 'headers'>,
    job: Job,
    reason: Failure | undefined,
  ): Content | undefined {
    return toContent(body, headers?.['content-type'], this.#formOf(job, reason));
  }

  #formOf(job: Job, reason: Failure | undefined): ResolvedOptions['body'] {
    if (job instanceof Errand) {
      return 'text';
    }
    return reason === undefined ? this.#form : this.#options.body;
  }
}

/** An earlier run has fetched the page before. */
function isResumed({ task, page }: Job): true | undefined {
  return task.resumeAt?.page === page ? true : undefined;
}
