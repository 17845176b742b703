import { quoted } from '../../databases/names.ts';
import { kindOf, quotedTable } from '../../databases/spec.ts';
import { isoTime } from '../../model/line.ts';
import { place, sinkFault, type OpenTable } from './open-table.ts';
import type { PastColumns } from './past-columns.ts';

/**
 * The files of bodies that rows name, those that were fetched before `expired` (milliseconds since the epoch)
 * left out: their tasks may have them again. Throws a `SinkError`, and a `DatabaseAwayError`.
 */
export async function savedFiles(
  { database, spec, form }: OpenTable,
  { file, fetchedAt }: PastColumns,
  expired: number,
): Promise<string[]> {
  if (file === undefined) {
    return [];
  }
  const isOfAge = fetchedAt !== undefined && Number.isFinite(expired);
  const condition = isOfAge ? ` and ${quoted(fetchedAt)} >= $1` : '';
  const from = `from ${quotedTable(kindOf(spec), form.table.name)} where ${quoted(file)} is not null${condition}`;
  const files: string[] = [];
  try {
    const parameters = isOfAge ? [isoTime(expired)] : [];
    const settings = { batchSize: 10_000 };
    for await (const { rows } of database.query(`select ${quoted(file)} ${from}`, parameters, settings)) {
      files.push(...rows.map(([name]) => String(name)));
    }
    return files;
  } catch (error) {
    throw sinkFault(error, `read ${place(database, form.table.name)}`);
  }
}
