import fs from 'node:fs';
import { isAmong } from '../../model/options/failed-causes.ts';
import type { ResolvedRunOptions } from '../../model/options/run-options.ts';
import { formatCount, plural } from '../../report/format.ts';
import type { Entry } from '../../sinks/journal/entry.ts';
import { readJournal, type Journal } from '../../sinks/journal/journal.ts';
import { MarkWriter } from '../../sinks/journal/marks.ts';
import { replaceFile } from '../../sinks/journal/replace.ts';
import { Resumption } from '../../sinks/journal/resumption.ts';
import { rewrite } from '../../sinks/journal/rewrite.ts';
import { sidecarOf, sidecarText, type Sidecar, type SidecarHeader } from '../../sinks/journal/sidecar.ts';
import { readOutput } from './output-text.ts';
import { refuseOthers, sidecarFor, type Past } from './refuse.ts';
import { totalNoter, writing, type RunJournal, type Say } from './run-journal.ts';

/**
 * Goes on from what the outputs say; undefined: there is nothing yet. Nothing is written before
 * `prepare`. Throws a `UsageError` for outputs that other tasks have made.
 */
export async function openResumed(
  outputs: readonly string[],
  header: SidecarHeader,
  options: ResolvedRunOptions,
  say: Say,
): Promise<RunJournal | undefined> {
  const sidecars = outputs.map((output) => sidecarFor(output, header));
  if (sidecars.every((sidecar) => sidecar === undefined)) {
    return undefined;
  }
  const savedFiles: string[] = [];
  const hasFiles = options.saveDir !== undefined;
  const isDropped = droppedBy(options);
  const pasts: Past[] = [];
  for (const output of outputs.map(readOutput)) {
    const onFile = (file: string) => savedFiles.push(file);
    const journal = await readJournal(output.read(hasFiles), {
      maxPages: options.maxPages,
      onFile,
      isDropped,
    });
    pasts.push({ output, journal });
  }
  const sent = sidecars.flatMap((sidecar) => sidecar?.sent ?? []);
  const known = sidecars.find((sidecar) => sidecar?.total !== undefined)?.total;
  return resumedJournal(pasts, { header, total: known, sent }, { savedFiles, options, say });
}

interface Settings {
  readonly savedFiles: readonly string[];
  readonly options: ResolvedRunOptions;
  readonly say: Say;
}

function resumedJournal(
  pasts: readonly Past[],
  past: Sidecar,
  { savedFiles, options, say }: Settings,
): RunJournal {
  const resumption = new Resumption(
    pasts.map(({ journal }) => journal),
    options.resendUnknown ? [] : past.sent,
  );
  const { done, failed } = resumption;
  const sidecars = pasts.map(({ output }) => sidecarOf(output.file));
  const journalOf = new Map(pasts.map(({ output, journal }) => [output.file, journal]));
  let { total } = past;
  return {
    sidecars,
    marks: new MarkWriter(sidecars, options.fsync),
    savedFiles,
    resumed: { done, failed },
    sinks: {
      appends: true,
      ...((pasts.length > 1 || options.to.length > 0) && {
        isWanted: (spec, { index, page = 1 }) => journalOf.get(spec)?.has(index, page) !== true,
      }),
    },
    passage(source) {
      total = source.size ?? total;
      return {
        leftOut: done,
        check: (batch) => refuseOthers(batch, pasts),
        take: (task) => resumption.take(task),
        onTotal: totalNoter(sidecars, total),
      };
    },
    async prepare() {
      for (const one of pasts) {
        await tidy(one, droppedBy(options));
      }
      const text = Buffer.from(sidecarText({ header: past.header, total, sent: resumption.unknown }));
      for (const sidecar of sidecars) {
        await replaceFile(sidecar, (to) => to.write(text));
      }
      if (!options.quiet) {
        tell(pasts, total, resumption, say);
      }
    },
    begin() {},
  };
}

/** Records of failures that are to be retried; one of a task that may have been sent only if it may be sent again. */
function droppedBy({
  retryFailed,
  resendUnknown,
}: ResolvedRunOptions): ((entry: Entry) => boolean) | undefined {
  return retryFailed === undefined
    ? undefined
    : (entry) =>
        !entry.ok && isAmong(retryFailed, entry) && (entry.error?.code !== 'MAYBE_SENT' || resendUnknown);
}

/** Takes out of an output what is torn or to be fetched again. */
async function tidy(
  { output, journal }: Past,
  isDropped: ((entry: Entry) => boolean) | undefined,
): Promise<void> {
  const { file, compression } = output;
  if (journal.dropped.count > 0 || (compression !== undefined && (output.isCutOff || journal.torn > 0))) {
    await rewrite(file, output.read(false), compression, (entry) => isDropped?.(entry) !== true);
  } else if (journal.torn > 0) {
    writing(file, () => fs.truncateSync(file, journal.bytes));
  }
}

function tell(
  pasts: readonly Past[],
  total: number | undefined,
  { done, failed, unknown }: Resumption,
  say: Say,
): void {
  const sum = (count: (journal: Journal) => number) =>
    pasts.reduce((all, { journal }) => all + count(journal), 0);
  const dropped = sum((journal) => journal.dropped.count);
  const torn = sum((journal) => (journal.torn > 0 ? 1 : 0));
  const of = total === undefined ? plural(done, 'task') : `${formatCount(done)} of ${plural(total, 'task')}`;
  const parts = [
    `resuming after ${of}`,
    failed > 0 && `${formatCount(failed)} of them failed`,
    dropped > 0 && `${plural(dropped, 'failure')} to be tried again`,
    torn > 0 && `${plural(torn, 'torn line')} dropped`,
    unknown.length > 0 && `${formatCount(unknown.length)} may have been sent, and are not sent again`,
  ];
  say(parts.filter((part) => part !== false).join(', '));
}
