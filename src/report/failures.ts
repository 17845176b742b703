import type { Failure, FailureCode, FailureKind } from '../model/failure.ts';
import type { FetchRecord } from '../model/record.ts';

/** Failed tasks by cause, each with the example that comes first in the input. */
export class FailureTally {
  readonly #groups = new Map<FailureCode, FailureGroup>();

  add(record: FetchRecord, error: Failure): void {
    const group = this.#groups.get(error.code);
    if (group !== undefined && group.example.index < record.index) {
      group.count += 1;
      return;
    }
    const { index, id, url } = record;
    this.#groups.set(error.code, {
      kind: error.kind,
      code: error.code,
      count: (group?.count ?? 0) + 1,
      example: { index, id, url, message: error.message },
    });
  }

  merge(other: FailureTally): void {
    for (const theirs of other.#groups.values()) {
      const ours = this.#groups.get(theirs.code);
      const first = ours !== undefined && ours.example.index < theirs.example.index ? ours : theirs;
      this.#groups.set(theirs.code, { ...first, count: theirs.count + (ours?.count ?? 0) });
    }
  }

  /** The most frequent first; equal ones by code. */
  toJSON(): FailureGroup[] {
    return [...this.#groups.values()]
      .map((group) => ({ ...group }))
      .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
  }
}

/** The tasks that failed for one cause. */
export interface FailureGroup {
  readonly kind: FailureKind;
  readonly code: FailureCode;
  count: number;
  readonly example: FailureExample;
}

/** One task that stands for all that failed alike. */
export interface FailureExample {
  readonly index: number;
  readonly id: string;
  readonly url: string;
  readonly message: string;
}
