import { failure, type FailureCode } from '../../src/model/failure.ts';
import { FetchRecord, type RecordFields } from '../../src/model/record.ts';

/** A record that ended well after `ms`, at the first attempt. */
export function fetched(index: number, ms: number, more: Partial<RecordFields> = {}): FetchRecord {
  return new FetchRecord({
    index,
    id: String(index),
    url: `http://127.0.0.1/${index}`,
    ok: true,
    status: 200,
    attempts: 1,
    bytes: 100,
    timing: { queue: 0, total: ms },
    startedAt: 0,
    ...more,
  });
}

/** A record of a task that failed; without a status unless one is given. */
export function failed(index: number, code: FailureCode, more: Partial<RecordFields> = {}): FetchRecord {
  const error = failure(code, `${code} happened`);
  return fetched(index, 50, { ok: false, status: undefined, bytes: undefined, error, ...more });
}

/** A record of input that could not be understood: never sent. */
export function invalid(index: number): FetchRecord {
  return failed(index, 'INVALID_URL', { attempts: 0, timing: { queue: 0, total: 0 } });
}
