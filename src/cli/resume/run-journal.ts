import fs from 'node:fs';
import { writeError } from '../../model/errors.ts';
import type { Fsync } from '../../model/options/run-options.ts';
import type { SinkSettings } from '../../sinks/index.ts';
import { MarkWriter } from '../../sinks/journal/marks.ts';
import { noteTotal, sidecarOf, sidecarText, type SidecarHeader } from '../../sinks/journal/sidecar.ts';
import type { CountableSource } from '../../sources/index.ts';
import { through } from '../../sources/passage.ts';

/** What makes the outputs of a run a journal, from which it can go on. */
export interface RunJournal {
  /** Those of the outputs that are files. */
  readonly sidecars: readonly string[];
  /** What is sent is marked there when it may not be sent twice. Closed after the outputs. */
  readonly marks: MarkWriter;
  /** What an earlier run has done; absent: this one begins. */
  readonly resumed?: { readonly done: number; readonly failed: number };
  /** How the outputs are opened. */
  readonly sinks?: Pick<SinkSettings, 'appends' | 'isWanted'>;
  /** Files of bodies that are there already. */
  readonly savedFiles: readonly string[];
  /** The tasks that are left to do. */
  over(source: CountableSource): CountableSource;
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
    savedFiles: [],
    over(source) {
      total = source.size;
      return through(source, { leftOut: 0, onTotal: totalNoter(sidecars, total) });
    },
    prepare: () => Promise.resolve(),
    // Only now, when the outputs are empty: they never stand beside a sidecar that is not theirs.
    begin() {
      const text = sidecarText({ header, total, sent: [] });
      sidecars.forEach((sidecar) => writing(sidecar, () => fs.writeFileSync(sidecar, text)));
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
