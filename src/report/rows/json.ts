import type { Rows } from '../../databases/database.ts';
import { terminalJson } from '../../model/terminal-line.ts';
import type { RowScreen } from './row-format.ts';

/** An object a line. */
export async function* jsonLines(
  batches: AsyncIterable<Rows>,
  { isTerminal }: RowScreen,
): AsyncGenerator<string, void> {
  for await (const batch of batches) {
    yield objectsOf(batch, isTerminal)
      .map((object) => `${object}\n`)
      .join('');
  }
}

/** One array, in which each object has a line. */
export async function* json(
  batches: AsyncIterable<Rows>,
  { isTerminal }: RowScreen,
): AsyncGenerator<string, void> {
  let before = '[\n';
  for await (const batch of batches) {
    for (const object of objectsOf(batch, isTerminal)) {
      yield before + object;
      before = ',\n';
    }
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Written by hand: in an object of JavaScript, a column called 1 would come before all others. */
function objectsOf({ columns, rows }: Rows, isTerminal: boolean): string[] {
  const names = columns.map((column) => JSON.stringify(column));
  const objects = rows.map(
    (row) => `{${row.map((value, at) => `${names[at]}:${JSON.stringify(value)}`).join(',')}}`,
  );
  return isTerminal ? objects.map(terminalJson) : objects;
}
