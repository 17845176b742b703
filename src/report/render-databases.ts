import type { DatabaseFigures } from '../model/database-figures.ts';
import { formatCount, formatDuration, plural } from './format.ts';
import { clip, printable } from './printable.ts';

/** What was read from databases and written into them, and what had to be waited for: a line for each. */
export function renderDatabases(
  databases: readonly DatabaseFigures[],
  screen: { readonly width: number },
): string[] {
  return databases.map((one) =>
    clip(`database   ${printable(one.name)}: ${partsOf(one).join(' · ')}`, screen.width),
  );
}

function partsOf(figures: DatabaseFigures): string[] {
  const { rowsRead, rowsWritten, batches, waits, waitedMs, longestWaitMs, reconnects, awayMs } = figures;
  const times = reconnects === 1 ? 'once' : `${formatCount(reconnects)} times`;
  return [
    rowsRead > 0 && `${plural(rowsRead, 'row')} read`,
    (rowsWritten > 0 || rowsRead === 0) &&
      `${plural(rowsWritten, 'row')} in ${plural(batches, 'batch', 'batches')}`,
    waits > 0 &&
      `waited ${formatDuration(waitedMs)} for a connection, ${formatDuration(longestWaitMs)} at the longest`,
    reconnects > 0 && `away ${times}, for ${formatDuration(awayMs)}`,
  ].filter((part) => part !== false);
}
