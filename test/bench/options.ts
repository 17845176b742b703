import { parseArgs } from 'node:util';
import path from 'node:path';

/** What the command line of the bench says. */
export interface Options {
  /** True when the scenario of this id was asked for. */
  readonly wants: (id: string) => boolean;
  /** Names of the tools to run; undefined: all. */
  readonly tools: readonly string[] | undefined;
  readonly runs: number;
  readonly quick: boolean;
  readonly withGot: boolean;
  readonly write: boolean;
  /** The launcher to measure, absolute. */
  readonly bin: string;
}

/** The files of the bench. */
export const benchFolder: string = import.meta.dirname;

/** What the bench leaves behind; ignored by git. */
export const outFolder: string = path.join(benchFolder, 'out');

/** The Node that runs the bench, behind all links: what bulkfetch is measured on. */
export const node: string = process.execPath;

/** Parses the arguments; throws on an unknown one. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      tools: { type: 'string' },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      'with-got': { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      bin: { type: 'string', default: path.join(benchFolder, '../../bin/bulkfetch.js') },
    },
  });
  const only = values.only?.split(',');
  const runs = Number(values.runs ?? (values.quick ? 1 : 5));
  if (!Number.isInteger(runs) || runs < 1) {
    throw new Error(`--runs must be a whole number of at least 1, not ${values.runs}`);
  }
  return {
    wants: (id) => only === undefined || only.some((prefix) => id.startsWith(prefix)),
    tools: values.tools?.split(','),
    runs,
    quick: values.quick,
    withGot: values['with-got'],
    write: values.write,
    bin: path.resolve(values.bin),
  };
}
