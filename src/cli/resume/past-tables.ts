import type { ResumePoint, Task } from '../../model/task.ts';
import { notSentAgain } from '../../sinks/maybe-sent.ts';
import type { Standing } from '../../sinks/sql/standing.ts';

/** Asks a table how tasks stand. */
export type AskTable = (batch: readonly Task[]) => Promise<readonly Standing[]>;

/** What files say of a task: as it goes on, or undefined when it is done. */
export type AskFiles = (task: Task) => Task | undefined;

/** What is left to do by what tables say: a task goes on when any of the outputs lacks it. It keeps no state of tasks. */
export class PastTables {
  /** In the order in which they were opened. */
  readonly asked: AskTable[] = [];
  #passed = 0;
  #failed = 0;
  #unknown = 0;

  /** Tasks that were passed over so far, because all outputs have them. */
  get passed(): number {
    return this.#passed;
  }

  /** Those of them that failed, … */
  get failed(): number {
    return this.#failed;
  }

  /** … and that may have been sent. */
  get unknown(): number {
    return this.#unknown;
  }

  /** The tasks that go on. `files`: what they say; absent: they are made anew, and lack nothing. */
  async take(batch: readonly Task[], files: AskFiles | undefined): Promise<readonly Task[]> {
    const tables = await Promise.all(this.asked.map((ask) => ask(batch)));
    return batch
      .map((task, at) => {
        const standings = tables.map((standings) => standings[at]).filter((one) => one !== undefined);
        const next = taskAfter(task, standings, files?.(task));
        if (next === undefined) {
          this.#pass(standings);
        }
        return next;
      })
      .filter((task) => task !== undefined);
  }

  #pass(standings: readonly Standing[]): void {
    const isUnknown = standings.some(({ is }) => is === 'unknown');
    this.#passed++;
    this.#unknown += isUnknown ? 1 : 0;
    this.#failed += isUnknown || standings.some(({ is }) => is === 'failed') ? 1 : 0;
  }
}

/** The task as it goes on, by all outputs; undefined: none of them lacks anything, or nothing may be done about it. */
function taskAfter(task: Task, standings: readonly Standing[], byFiles: Task | undefined): Task | undefined {
  const lacking = [
    ...standings.filter((one) => one.is === 'missing').map(({ from }) => from),
    ...(byFiles === undefined ? [] : [byFiles.resumeAt]),
  ];
  if (lacking.length === 0) {
    return undefined;
  }
  // What may have been sent is sent by none of the outputs: those that lack it are told why.
  const unknown = standings.find((one) => one.is === 'unknown');
  if (unknown !== undefined) {
    return notSentAgain(from(task, unknown.from));
  }
  return byFiles?.invalid === undefined ? from(task, earliest(lacking)) : byFiles;
}

function from(task: Task, resumeAt: ResumePoint | undefined): Task {
  return resumeAt === undefined ? task : { ...task, resumeAt };
}

/** Undefined, the start, is before all pages. */
function earliest(points: readonly (ResumePoint | undefined)[]): ResumePoint | undefined {
  return points.reduce((a, b) => (a === undefined || b === undefined ? undefined : b.page < a.page ? b : a));
}
