import fs from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../model/errors.ts';
import { alignColumns, formatCount, plural } from '../../report/format.ts';
import { printable } from '../../report/printable.ts';
import { toDocument } from '../../report/report.ts';
import { readJournal } from '../../sinks/journal/journal.ts';
import { isLocked } from '../../sinks/journal/lock.ts';
import { Resumption } from '../../sinks/journal/resumption.ts';
import { readSidecar, sidecarOf } from '../../sinks/journal/sidecar.ts';
import { exitStatus, type ExitStatus } from '../exit.ts';
import { print } from '../print.ts';
import { readOutput } from '../resume/output-text.ts';

/** The flags of `status`. */
export interface StatusFlags {
  readonly format: string;
}

/** How far an output is. */
export interface OutputStatus {
  readonly output: string;
  /** Nothing is missing, torn or unknown. */
  readonly complete: boolean;
  /** A process is writing it. */
  readonly running: boolean;
  /** Tasks of the run; absent as long as they have not been counted. */
  readonly total?: number;
  /** Tasks that have all their records. */
  readonly done: number;
  readonly ok: number;
  readonly failed: number;
  /** Failed tasks by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Tasks that are not done; absent with `total`. */
  readonly missing?: number;
  /** Those of them that have some of their pages. */
  readonly unfinished: number;
  /** Those of them that were sent, that may not be sent twice, and that have no record. */
  readonly maybeSent: number;
  /** The last line, or the end of compressed data, is not whole. */
  readonly torn: boolean;
  /** Lines about what has a line already. */
  readonly duplicates: number;
}

/** `bulkfetch status OUTPUT`: how far a run has come, by what its output says. */
export async function statusCommand(output: string, flags: StatusFlags): Promise<ExitStatus> {
  const { status, isNoted } = await statusOf(output);
  await print(flags.format === 'json' ? toDocument(status) : render(status, isNoted));
  return status.complete ? exitStatus.ok : exitStatus.someFailed;
}

/** `isNoted`: the run has left word of itself beside the output. */
async function statusOf(file: string): Promise<{ status: OutputStatus; isNoted: boolean }> {
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageError(`${file}: no such file`);
  }
  const sidecar = readSidecar(sidecarOf(file));
  const output = readOutput(file);
  const { maxPages = Number.POSITIVE_INFINITY } = sidecar?.header ?? {};
  const journal = await readJournal(output.read(false), { maxPages });
  const { done, failed, duplicates } = journal;
  const total = sidecar?.total;
  const missing = total === undefined ? undefined : Math.max(0, total - done);
  const maybeSent = new Resumption([journal], sidecar?.sent ?? []).unknown.length;
  const torn = journal.torn > 0 || output.isCutOff;
  const status: OutputStatus = {
    output: file,
    complete: missing === 0 && journal.open.size === 0 && maybeSent === 0 && !torn,
    running: await isLocked(file),
    ...(total !== undefined && { total }),
    done,
    ok: done - failed,
    failed,
    failures: Object.fromEntries([...journal.failures].sort(([, a], [, b]) => b - a)),
    ...(missing !== undefined && { missing }),
    unfinished: journal.open.size,
    maybeSent,
    torn,
    duplicates,
  };
  return { status, isNoted: sidecar !== undefined };
}

function render(status: OutputStatus, isNoted: boolean): string {
  const { output, total, done, ok, failed, missing, unfinished, maybeSent, torn, duplicates } = status;
  const of = total === undefined ? plural(done, 'task') : `${formatCount(done)} of ${plural(total, 'task')}`;
  const unknown = isNoted
    ? 'the input was not read to its end'
    : `there is no ${path.basename(sidecarOf(output))} to tell it, as after --omit-dropped`;
  const rows = Object.entries(status.failures).map(([code, count]) => [
    `${formatCount(count)} ×`,
    printable(code),
  ]);
  const notes = [
    total === undefined && `how many are missing is not known: ${unknown}`,
    missing !== undefined && missing > 0 && `${formatCount(missing)} missing`,
    unfinished > 0 && `${plural(unfinished, 'task')} with pages left`,
    maybeSent > 0 && `${formatCount(maybeSent)} may have been sent, and have no record`,
    torn && 'the last line is torn',
    duplicates > 0 && plural(duplicates, 'duplicate line'),
  ];
  const lines = [
    `${output}: ${of} done: ${formatCount(ok)} ok · ${formatCount(failed)} failed (${stateText(status, isNoted)})`,
    ...alignColumns(rows, '><').map((line) => `  ${line}`),
    ...notes.filter((note) => note !== false),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function stateText({ complete, running, unfinished, torn }: OutputStatus, isNoted: boolean): string {
  if (complete) {
    return 'complete';
  }
  if (running) {
    return 'a run is at it';
  }
  return isNoted || unfinished > 0 || torn ? 'not complete' : 'complete or not';
}
