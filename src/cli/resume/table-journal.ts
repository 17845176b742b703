import type { SentMark } from '../../model/marks.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import { formatCount, plural } from '../../report/format.ts';
import { Lookup } from '../../sinks/sql/lookup.ts';
import { TableMarks } from '../../sinks/sql/marks.ts';
import type { OpenTable } from '../../sinks/sql/open-table.ts';
import { savedFiles } from '../../sinks/sql/saved-files.ts';
import type { BeforeRecords } from '../../sinks/sql/sql.ts';
import type { PastRule } from '../../sinks/sql/standing.ts';
import { noMarks, pastColumns } from './own-table.ts';
import { PastTables } from './past-tables.ts';
import type { RunJournal, RunMarks, Say } from './run-journal.ts';

/**
 * A run whose records go to tables, and perhaps to files beside them, for which `files` stands. With
 * `--resume` or `--refetch` the tables are asked what they have, a batch of tasks at a time.
 */
export function withTables(files: RunJournal | undefined, options: ResolvedRunOptions, say: Say): RunJournal {
  const isAsked = options.refetch === undefined ? options.resume : options.refetch !== 'all';
  const columns = pastColumns(options, isAsked);
  const rule = ruleOf(options);
  const tables = new PastTables();
  const marks = new AllMarks(files === undefined ? [] : [files.marks]);

  const saved = [...(files?.savedFiles ?? [])];

  async function onTable(table: OpenTable): Promise<BeforeRecords | undefined> {
    if (isAsked) {
      const past = columns(table);
      const lookup = new Lookup(table, past, rule);
      tables.asked.push((batch) => lookup.standings(batch));
      saved.push(...(options.saveDir === undefined ? [] : await savedFiles(table, past, rule.expired)));
    }
    if (options.toColumns !== undefined) {
      marks.all.push(...(isAsked && files === undefined ? [noMarks(table)] : []));
      return undefined;
    }
    const own = new TableMarks(table);
    marks.all.push(own);
    return (records) => own.before(records);
  }

  return {
    sidecars: files?.sidecars ?? [],
    savedFiles: saved,
    marks,
    get resumed() {
      const done = Math.max(tables.passed, isAsked ? 0 : (files?.resumed?.done ?? 0));
      const failed = Math.max(tables.failed, files?.resumed?.failed ?? 0);
      return done === 0 && files?.resumed === undefined ? undefined : { done, failed };
    },
    sinks: { ...files?.sinks, onTable },
    passage(source) {
      const passage = files?.passage(source) ?? { leftOut: 0, onTotal: () => {} };
      if (!isAsked) {
        return passage;
      }
      // A file that is made anew for want of --resume has what is fetched now, and lacks nothing.
      const { take = (task) => task } = passage;
      const byFiles = options.resume && files !== undefined ? take : undefined;
      return {
        check: passage.check,
        ask: (batch) => tables.take(batch, byFiles),
        leftOut: 0,
        passedOver: () => tables.passed,
        onTotal: passage.onTotal,
        onEnd(total) {
          if (tables.passed > 0 && !options.quiet) {
            say(pastOf(tables, total));
          }
        },
      };
    },
    prepare: () => files?.prepare() ?? Promise.resolve(),
    begin: () => files?.begin(),
  };
}

function ruleOf({
  refetch,
  retryFailed = 'all',
  resendUnknown,
  next,
  maxPages,
}: ResolvedRunOptions): PastRule {
  return {
    retried: retryFailed,
    resendsUnknown: resendUnknown,
    expired: typeof refetch === 'object' ? Date.now() - refetch.olderThanMs : Number.NEGATIVE_INFINITY,
    maxPages: next === undefined ? undefined : maxPages,
  };
}

/** All that notes what is sent: a request waits for each of them. */
class AllMarks implements RunMarks {
  readonly all: RunMarks[];

  constructor(all: RunMarks[]) {
    this.all = all;
  }

  async add(mark: SentMark): Promise<void> {
    await Promise.all(this.all.map((marks) => marks.add(mark)));
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((marks) => marks.close()));
  }
}

function pastOf({ passed, failed, unknown }: PastTables, total: number): string {
  const parts = [
    `resumed after ${formatCount(passed)} of ${plural(total, 'task')}`,
    failed > 0 && `${formatCount(failed)} of them failed`,
    unknown > 0 && `${formatCount(unknown)} may have been sent, and are not sent again`,
  ];
  return parts.filter((part) => part !== false).join(', ');
}
