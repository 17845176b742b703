import type { Task } from '../../model/task.ts';
import { notSentAgain } from '../maybe-sent.ts';
import type { Journal } from './journal.ts';
import type { Mark } from './sidecar.ts';

/**
 * What is left to do when a run goes on: what is missing in any of its outputs. Tasks that were sent
 * and may not be sent again end as they are.
 */
export class Resumption {
  readonly #journals: readonly Journal[];
  /** What was sent and has no record in one of the outputs. */
  readonly unknown: readonly Mark[];
  readonly #unknownTasks = new Set<number>();
  readonly #unknownPages = new Set<string>();

  /** `sent`: what may not be sent again, if there is no record of it. */
  constructor(journals: readonly Journal[], sent: readonly Mark[]) {
    this.#journals = journals;
    this.unknown = [...new Map(sent.map((mark) => [String(mark), mark])).values()].filter((mark) => {
      const [index, page] = typeof mark === 'number' ? [mark, 1] : mark;
      return !journals.every((journal) => journal.has(index, page) || journal.dropped.has(index));
    });
    for (const mark of this.unknown) {
      if (typeof mark === 'number') {
        this.#unknownTasks.add(mark);
      } else {
        this.#unknownPages.add(String(mark));
      }
    }
  }

  /** Tasks that are done in all outputs. */
  get done(): number {
    const [first, ...others] = this.#journals;
    if (first === undefined || others.length === 0) {
      return first?.done ?? 0;
    }
    let count = 0;
    for (const index of first.urls.indexes()) {
      count += this.#journals.every((journal) => journal.isDone(index)) ? 1 : 0;
    }
    return count;
  }

  /** Tasks that have failed, in the output that has most of them. */
  get failed(): number {
    return Math.max(...this.#journals.map(({ failed }) => failed));
  }

  /** The task as it goes on; undefined: it is done. */
  take(task: Task): Task | undefined {
    const { index } = task;
    if (!this.#journals.every(({ urls }) => urls.has(index))) {
      return this.#unknownTasks.has(index) ? notSentAgain(task) : task;
    }
    const [open, ...others] = this.#journals
      .map((journal) => journal.open.get(index))
      .filter((one) => one !== undefined);
    if (open === undefined) {
      return undefined;
    }
    const { page: last, next: url, visited } = others.reduce((a, b) => (b.page < a.page ? b : a), open);
    const page = last + 1;
    const resumed = { ...task, resumeAt: { page, url, visited } };
    return this.#unknownPages.has(`${index},${page}`) ? notSentAgain(resumed) : resumed;
  }
}
