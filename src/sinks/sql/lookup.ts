import { askByHalves } from '../../databases/by-halves.ts';
import { quoted } from '../../databases/names.ts';
import { isAmong, kindOf, quotedTable } from '../../databases/spec.ts';
import type { Task } from '../../model/task.ts';
import { place, sinkFault, type OpenTable } from './open-table.ts';
import { pastReader, type PastColumns, type PastReader } from './past-columns.ts';
import { standingOf, type PastPage, type PastRule, type Standing } from './standing.ts';
import { storable } from './storable.ts';

/** Where pages are followed, a task may have a thousand rows. */
const mostWithPages = 32;

/** Asks a table how tasks stand, a batch of them by one query, so that no task costs memory. */
export class Lookup {
  readonly #table: OpenTable;
  readonly #reader: PastReader;
  readonly #rule: PastRule;
  readonly #sql: string;

  constructor(table: OpenTable, columns: PastColumns, rule: PastRule) {
    this.#table = table;
    this.#rule = rule;
    this.#reader = pastReader(wanted(columns, rule));
    this.#sql = sqlFor(table, columns, this.#reader.columns, rule);
  }

  /** How each of the tasks stands. Throws a `SinkError` for a table that has gone, and a `DatabaseAwayError`. */
  async standings(tasks: readonly Task[]): Promise<readonly Standing[]> {
    const rule = this.#rule;
    const most = rule.maxPages === undefined ? tasks.length : mostWithPages;
    const standings: Standing[] = [];
    for (let at = 0; at < tasks.length; at += most) {
      const some = tasks.slice(at, at + most);
      const pages = await this.#pagesOf([...new Set(some.map(idOf))]);
      standings.push(
        ...some.map((task) => standingOf(storable(task.url), pages.get(idOf(task)) ?? [], rule)),
      );
    }
    return standings;
  }

  /** The rows of each id, in the order of their pages. */
  async #pagesOf(ids: readonly string[]): Promise<Map<string, PastPage[]>> {
    const pages = new Map<string, PastPage[]>();
    for (const row of await this.#rowsOf(ids)) {
      const id = this.#reader.idOf(row);
      const known = pages.get(id);
      const page = this.#reader.pageOf(row);
      if (known === undefined) {
        pages.set(id, [page]);
      } else {
        known.push(page);
      }
    }
    return pages;
  }

  async #rowsOf(ids: readonly string[]): Promise<readonly (readonly unknown[])[]> {
    const { database, form } = this.#table;
    try {
      return (await askByHalves(ids, (some) => database.all(this.#sql, [some]))).rows;
    } catch (error) {
      throw sinkFault(error, `read ${place(database, form.table.name)}`);
    }
  }
}

function idOf({ index, id = String(index) }: Task): string {
  return storable(id);
}

/** The columns on which something depends: each one costs time with every row. */
function wanted(columns: PastColumns, { retried, expired, maxPages }: PastRule): PastColumns {
  const { ok, page, next, status, kind, fetchedAt } = columns;
  const hasPages = maxPages !== undefined;
  const hasCauses = retried !== 'all' || ok === undefined;
  return {
    ...columns,
    page: hasPages ? page : undefined,
    next: hasPages ? next : undefined,
    status: hasCauses ? status : undefined,
    kind: hasCauses ? kind : undefined,
    fetchedAt: Number.isFinite(expired) ? fetchedAt : undefined,
    file: undefined,
  };
}

function sqlFor(
  { spec, form }: OpenTable,
  { id, page }: PastColumns,
  columns: readonly string[],
  { maxPages }: PastRule,
): string {
  const conditions = [
    isAmong(kindOf(spec), quoted(id)),
    ...(page !== undefined && maxPages === undefined ? [`${quoted(page)} = 1`] : []),
  ];
  const order =
    page === undefined || maxPages === undefined ? '' : ` order by ${quoted(id)}, ${quoted(page)}`;
  return `select ${columns.map(quoted).join(', ')} from ${quotedTable(kindOf(spec), form.table.name)} where ${conditions.join(' and ')}${order}`;
}
