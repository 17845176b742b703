import { endsTask } from '../model/ends-task.ts';
import type { FetchRecord } from '../model/record.ts';

/** Counts the pages of tasks. */
export class PageTally {
  total = 0;
  /** Those after a task's first, or its first in this run. */
  later = 0;
  /** Those of them that were tried at least once. */
  laterSent = 0;
  /** Those that are the end of what their tasks have. */
  #last = 0;

  /** `page` is that of the record, from 1. */
  add(record: FetchRecord, page: number): void {
    const { attempts, isResumed } = record;
    this.total++;
    if (page > 1 && isResumed !== true) {
      this.later++;
      this.laterSent += attempts > 0 ? 1 : 0;
    }
    if (endsTask(record)) {
      this.#last++;
    }
  }

  merge(other: PageTally): void {
    this.total += other.total;
    this.later += other.later;
    this.laterSent += other.laterSent;
    this.#last += other.#last;
  }

  toJSON(): PageFigures {
    return { total: this.total, cutOff: this.total - this.later - this.#last };
  }
}

/** What is known of pages from the records alone. */
export interface PageFigures {
  /** Records, one a page. */
  readonly total: number;
  /** Tasks that have further pages, which `--max-pages` or the end of the run kept from being fetched. */
  readonly cutOff: number;
}
