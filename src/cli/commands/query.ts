import { tablesOf } from '../../databases/catalog.ts';
import type { Rows } from '../../databases/database.ts';
import { Databases, type Database } from '../../databases/index.ts';
import { formatDuration, plural } from '../../report/format.ts';
import { renderTables, tableRows } from '../../report/render-tables.ts';
import { FirstRows } from '../../report/rows/first-rows.ts';
import { rowFormats, type RowFormatName } from '../../report/rows/formats.ts';
import { stdoutWriter } from '../../sinks/descriptor.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { message } from '../message.ts';
import { toParameters, toSpec, toSql } from '../query/arguments.ts';
import { openFault, queryFault } from '../query/faults.ts';
import { screenOf } from '../screen.ts';
import { parseWhole } from '../values.ts';

/** The flags of `bulkfetch query`. */
export interface QueryFlags {
  readonly param?: readonly string[];
  readonly format: RowFormatName;
  readonly limit?: string;
}

/** As many rows as somebody may look through in a table; the other forms are for programs, which take all. */
const tableLimit = 1_000;

/** Rows that are fetched at once: few, for there may be bodies of megabytes in them. */
const batchSize = 200;

/** Nobody waits for long at a prompt. */
const patience = { backoff: { retryDelay: 200, retryMaxDelay: 1_000, retryFactor: 2 }, awayMs: 5_000 };

/** `bulkfetch query DATABASE [SQL]`: the answer to a query, or without one the tables that are there. */
export async function queryCommand(
  name: string,
  query: string | undefined,
  flags: QueryFlags,
): Promise<ExitStatus> {
  const spec = toSpec(name);
  const sql = query === undefined ? undefined : toSql(query);
  const limit = flags.limit === undefined ? undefined : parseWhole('--limit', flags.limit);
  const databases = new Databases({
    pool: 1,
    isSynced: false,
    patience: { ...patience, onWarning: (text) => say(`bulkfetch: ${text}`) },
  });
  try {
    const database = await open(databases, spec);
    await (sql === undefined ? list(database, spec, flags) : ask(database, sql, flags, limit));
    return exitStatus.ok;
  } finally {
    await databases.close();
  }
}

async function open(databases: Databases, spec: string): Promise<Database> {
  try {
    return await databases.open(spec, { isReadOnly: true });
  } catch (error) {
    throw openFault(spec, error);
  }
}

async function list(database: Database, spec: string, { format }: QueryFlags): Promise<void> {
  const tables = await tablesOf(database, spec);
  if (format === 'table') {
    await stdoutWriter().write(Buffer.from(renderTables(tables)));
  } else {
    await write([tableRows(tables)], format);
  }
  say(tables.length === 0 ? `${database.name} has no tables` : plural(tables.length, 'table'));
}

async function ask(
  database: Database,
  sql: string,
  { format, param = [] }: QueryFlags,
  limit = format === 'table' ? tableLimit : Number.POSITIVE_INFINITY,
): Promise<void> {
  const startedAt = performance.now();
  const first = new FirstRows(limit);
  try {
    const batches = database.query(sql, toParameters(param), { batchSize: Math.min(batchSize, limit + 1) });
    await write(first.of(batches), format);
  } catch (error) {
    throw queryFault(sql, error);
  }
  const rows = first.hasMore
    ? `the first ${plural(first.count, 'row')} (--limit: more)`
    : plural(first.count, 'row');
  say(`${rows} in ${formatDuration(performance.now() - startedAt)}`);
}

/** Throws a `ReaderGoneError` when nobody reads on, and a `SinkError`. */
async function write(batches: AsyncIterable<Rows> | Iterable<Rows>, format: RowFormatName): Promise<void> {
  const { stdout } = process;
  const writer = stdoutWriter();
  const render = await rowFormats[format]();
  for await (const text of render(each(batches), { ...screenOf(stdout), isTerminal: stdout.isTTY })) {
    if (text !== '') {
      await writer.write(Buffer.from(text));
    }
  }
}

async function* each(batches: AsyncIterable<Rows> | Iterable<Rows>): AsyncGenerator<Rows, void> {
  yield* batches;
}

function say(text: string): void {
  process.stderr.write(`${message(text)}\n`);
}
