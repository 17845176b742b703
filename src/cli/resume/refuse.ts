import fs from 'node:fs';
import { UsageError } from '../../model/errors.ts';
import type { Task } from '../../model/task.ts';
import type { Journal } from '../../sinks/journal/journal.ts';
import { readEntries } from '../../sinks/journal/read-entries.ts';
import { readSidecar, sidecarOf, type Sidecar, type SidecarHeader } from '../../sinks/journal/sidecar.ts';
import { differenceOf } from './fingerprint.ts';
import type { ReadOutput } from './output-text.ts';

/** An output, and what it says. */
export interface Past {
  readonly output: ReadOutput;
  readonly journal: Journal;
}

/** What an output was made from; undefined: it is new. Throws a `UsageError` when it is not of this run. */
export function sidecarFor(output: string, header: SidecarHeader): Sidecar | undefined {
  const stats = fs.statSync(output, { throwIfNoEntry: false });
  if (stats === undefined) {
    return undefined;
  }
  const sidecar = readSidecar(sidecarOf(output));
  if (stats.size === 0 && (sidecar === undefined || sidecar.sent.length === 0)) {
    return undefined;
  }
  if (sidecar === undefined) {
    throw new UsageError(
      `--resume: ${output} has no ${sidecarOf(output)} beside it, so that it cannot be gone on with`,
    );
  }
  const difference = differenceOf(sidecar.header, header);
  if (difference !== undefined) {
    throw new UsageError(`--resume: ${output} was made ${difference}; without --resume it is made anew`);
  }
  return sidecar;
}

/** Throws a `UsageError` when a task has another URL than its record. */
export async function refuseOthers(batch: readonly Task[], pasts: readonly Past[]): Promise<void> {
  for (const { output, journal } of pasts) {
    const other = batch.find(({ index, url }) => !journal.urls.agrees(index, url));
    if (other !== undefined) {
      const recorded = await urlIn(output, other.index);
      throw new UsageError(
        `--resume: ${output.file} was made from another input: task ${other.index} is now ${other.url}, and its record is of ${recorded}`,
      );
    }
  }
}

async function urlIn(output: ReadOutput, index: number): Promise<string | undefined> {
  let url: string | undefined;
  await readEntries(output.read(false), (entries) => {
    url ??= entries.find((entry) => entry.index === index && (entry.page ?? 1) === 1)?.url;
  });
  return url;
}
