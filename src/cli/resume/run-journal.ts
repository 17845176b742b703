import fs from 'node:fs';
import { writeError } from '../../model/errors.ts';
import type { SentMarks } from '../../model/marks.ts';
import type { Fsync } from '../../model/options/run-options.ts';
import type { SinkSettings } from '../../sinks/index.ts';
import { MarkWriter } from '../../sinks/journal/marks.ts';
import { noteTotal, sidecarOf, sidecarText, type SidecarHeader } from '../../sinks/journal/sidecar.ts';
import type { CountableSource } from '../../sources/index.ts';
import type { Passage } from '../../sources/passage.ts';

/** Where a run notes what it sends. */
export interface RunMarks extends SentMarks {
  /** Called once, when nothing is added any more; what is being written is let end. Throws `SinkError`. */
  close(): Promise<void>;
}

/** What makes the outputs of a run a journal, from which it can go on. */
export interface RunJournal {
  /** Those of the outputs that are files. */
  readonly sidecars: readonly string[];
  /** What is sent is marked there when it may not be sent twice. Closed after the outputs. */
  readonly marks: RunMarks;
  /** What an earlier run has done, for tables as far as it has been asked for; undefined: this one begins. */
  readonly resumed: { readonly done: number; readonly failed: number } | undefined;
  /** How the outputs are opened. */
  readonly sinks?: Pick<SinkSettings, 'appends' | 'isWanted' | 'onTable'>;
  /** Files of bodies that are there already, in tables when the outputs are open. */
  readonly savedFiles: readonly string[];
  /** What lets the tasks through that are left to do. */
  passage(source: CountableSource): Passage;
  /** Called before the outputs are opened. Throws `SinkError`. */
  prepare(): Promise<void>;
  /** Called when they are open, before the first record. Throws `SinkError`. */
  begin(): void;
}

/** Tells the user. */
export type Say = (message: string) => void;

/** That of a run that begins: its outputs are made anew. */
export function newJournal(outputs: readonly string[], header: SidecarHeader, fsync: Fsync): RunJournal {
  const sidecars = outputs.map(sidecarOf);
  let total: number | undefined;
  return {
    sidecars,
    marks: new MarkWriter(sidecars, fsync),
    resumed: undefined,
    savedFiles: [],
    passage(source) {
      total = source.size;
      return { leftOut: 0, onTotal: totalNoter(sidecars, total) };
    },
    prepare: () => Promise.resolve(),
    // Only now, when the outputs are empty: they never stand beside a sidecar that is not theirs.
    begin() {
      const text = sidecarText({ header, total, sent: [] });
      sidecars.forEach((sidecar) => writing(sidecar, () => fs.writeFileSync(sidecar, text)));
    },
  };
}

/** That of a run whose outputs lack lines, so that none can go on from them: an earlier one's sidecars are taken away. */
export function noJournal(outputs: readonly string[], fsync: Fsync): RunJournal {
  const sidecars = outputs.map(sidecarOf);
  return {
    sidecars: [],
    marks: new MarkWriter([], fsync),
    resumed: undefined,
    savedFiles: [],
    passage: () => ({ leftOut: 0, onTotal: () => {} }),
    prepare: () => Promise.resolve(),
    begin() {
      sidecars.forEach((sidecar) => writing(sidecar, () => fs.rmSync(sidecar, { force: true })));
    },
  };
}

/** Notes a total that is news. */
export function totalNoter(sidecars: readonly string[], known: number | undefined): (total: number) => void {
  let noted = known;
  return (total) => {
    if (total !== noted) {
      noted = total;
      for (const sidecar of sidecars) {
        writing(sidecar, () => noteTotal(sidecar, total));
      }
    }
  };
}

/** Throws a `SinkError` when it does not go well. */
export function writing(file: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw writeError(file, error);
  }
}
