import type { Options } from './options.ts';

/** Where the servers listen; all are one nginx worker, pinned to core 1. */
export interface Server {
  /** `http://127.0.0.1:PORT` */
  readonly http: string;
  /** `https://127.0.0.1:PORT`, with a certificate of its own making. */
  readonly https: string;
  /** The port that answers on every address of 127.0.0.0/8. */
  readonly hostsPort: number;
}

/** One sitting: the options, and what was started for it. */
export interface Bench extends Options {
  /** Scratch space, removed at the end. */
  readonly folder: string;
  readonly server: Server;
  /** Aborted by Ctrl-C: kills what is running and unwinds. */
  readonly signal: AbortSignal;
  /** A line for the person who waits, on standard error. */
  readonly say: (line: string) => void;
}

/** A promise about a number, and how it came out. */
export interface Figure {
  readonly about: string;
  /** `>= 2.5` */
  readonly asked: string;
  /** Undefined: not measured, because a tool was missing or failed. */
  readonly measured: number | undefined;
  readonly unit: string;
  /** Undefined: not judged. */
  readonly met: boolean | undefined;
}

/** One chapter of the report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  /** The table: a heading for each column, then the rows. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What has to be said below it: failed runs. */
  readonly notes: readonly string[];
  readonly figures: readonly Figure[];
  /** Every run, for the JSON. */
  readonly data: unknown;
}
