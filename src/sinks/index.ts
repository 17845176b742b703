import { isDatabase } from '../databases/spec.ts';
import { UsageError } from '../model/errors.ts';
import type { LineOf } from '../model/line.ts';
import type { FetchRecord } from '../model/record.ts';
import type { Fsync } from '../model/options/run-options.ts';
import { fileWriter, openAnew, openToAppend, stdoutWriter, type FileWriter } from './descriptor.ts';
import { jsonlSink } from './jsonl.ts';
import { compressionOf, type Compression } from './compression.ts';
import type { Sink } from './sink.ts';
import type { SqlSettings } from './sql/sql.ts';

export type { Sink } from './sink.ts';

/** What every sink is told. */
export interface SinkSettings {
  /** How a record stands in a text. */
  readonly lineOf: LineOf;
  /** When lines are made to survive the death of the machine. */
  readonly fsync: Fsync;
  /** Files are gone on with, and not made anew. */
  readonly appends?: boolean | undefined;
  /** How records go into databases. Absent: there are none. */
  readonly sql?: SqlSettings | undefined;
  /** Told of each table when it is open. */
  readonly onTable?: SqlSettings['onTable'];
  /** Absent: every output gets every record. */
  readonly isWanted?: ((spec: string, record: FetchRecord) => boolean) | undefined;
}

/** One kind of output: what it is called, and how it is opened. */
interface SinkKind {
  readonly takes: (spec: string) => boolean;
  readonly open: (spec: string, settings: SinkSettings) => Promise<Sink>;
}

/** The kinds of outputs. The first that takes a spec has it: schemes, then extensions, then any name. */
const kinds = {
  stdout: {
    takes: (spec) => spec === '-',
    open: async (_, settings) => jsonlSink(await synced(stdoutWriter(), settings), settings.lineOf),
  },
  sql: {
    takes: isDatabase,
    open: openDatabase,
  },
  gzip: {
    takes: (spec) => compressionOf(spec) === 'gzip',
    open: (spec, settings) => openCompressed(spec, 'gzip', settings),
  },
  zstd: {
    takes: (spec) => compressionOf(spec) === 'zstd',
    open: (spec, settings) => openCompressed(spec, 'zstd', settings),
  },
  jsonl: {
    takes: () => true,
    open: async (spec, settings) => jsonlSink(await openFile(spec, settings), settings.lineOf),
  },
} satisfies Record<string, SinkKind>;

/**
 * Opens the outputs as one sink. Throws `SinkError` when one of them cannot be opened, and a `UsageError`
 * for a table that records cannot go to; the others are closed then.
 */
export async function openSinks(specs: readonly string[], settings: SinkSettings): Promise<Sink> {
  const sinks: Sink[] = [];
  try {
    for (const spec of specs) {
      sinks.push(await openSink(spec, settings));
    }
  } catch (error) {
    await Promise.allSettled(sinks.map((sink) => sink.close()));
    throw error;
  }
  const [only] = sinks;
  return only !== undefined && sinks.length === 1 ? only : (await import('./tee.ts')).tee(sinks);
}

async function openSink(spec: string, settings: SinkSettings): Promise<Sink> {
  const sink = await kindOf(spec).open(spec, settings);
  const { isWanted } = settings;
  return isWanted === undefined
    ? sink
    : (await import('./filtered.ts')).filtered(sink, (record) => isWanted(spec, record));
}

async function openDatabase(spec: string, { sql, onTable }: SinkSettings): Promise<Sink> {
  if (sql === undefined) {
    throw new UsageError('an output that is a database needs settings for databases');
  }
  return (await import('./sql/sql.ts')).openSqlSink(spec, { ...sql, onTable });
}

async function openCompressed(spec: string, compression: Compression, settings: SinkSettings): Promise<Sink> {
  const { compressedSink } = await import('./compressed.ts');
  return compressedSink(await openFile(spec, settings), compression, settings.lineOf);
}

function openFile(path: string, settings: SinkSettings): Promise<FileWriter> {
  return synced(fileWriter(settings.appends === true ? openToAppend(path) : openAnew(path), path), settings);
}

async function synced(writer: FileWriter, { fsync }: SinkSettings): Promise<FileWriter> {
  return fsync === 'none' ? writer : (await import('./durable.ts')).durable(writer, fsync);
}

function kindOf(spec: string): SinkKind {
  return Object.values<SinkKind>(kinds).find(({ takes }) => takes(spec)) ?? kinds.jsonl;
}
