import { recordLine, recordLineWithHeaders, type LineOf } from '../model/line.ts';
import type { ResolvedRunOptions } from '../model/options/run-options.ts';
import { openSinks, type Sink } from '../sinks/index.ts';
import type { RunJournal } from './resume/run-journal.ts';
import type { ToDatabases } from './to-databases.ts';

/**
 * Opens all that records go to: the outputs, and before them the databases and the folder of bodies.
 * `files` are those that the run reads and writes beside them. Throws `SinkError` for what cannot be
 * written, and a `UsageError` for a table that records cannot go to.
 */
export async function openOutputs(
  options: ResolvedRunOptions,
  files: readonly string[],
  journal: RunJournal | undefined,
  databases: ToDatabases | undefined,
): Promise<Sink> {
  const { output, to, saveDir, saveName, fsync } = options;
  const settings = { lineOf: await lineForm(options), fsync, sql: databases?.settings, ...journal?.sinks };
  const open = async () => {
    await journal?.prepare();
    const sink = await openSinks([...to, ...output], settings); // files are made anew when the others are there
    journal?.begin();
    return sink;
  };
  if (saveDir === undefined) {
    return open();
  }
  const { savingTo } = await import('../sinks/bodies/saving.ts');
  const reserved = [...output, ...(databases?.files ?? []), ...(journal?.sidecars ?? []), ...files];
  const saved = journal?.savedFiles ?? [];
  const saving = savingTo(saveDir, { saveName, reserved, saved, isSynced: fsync === 'each' });
  return saving(await open());
}

async function lineForm({ fields, includeHeaders }: ResolvedRunOptions): Promise<LineOf> {
  if (fields !== undefined) {
    return (await import('../model/fields-line.ts')).fieldsLine(fields, includeHeaders);
  }
  return includeHeaders ? recordLineWithHeaders : recordLine;
}
