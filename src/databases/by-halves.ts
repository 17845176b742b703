import type { Rows } from './database.ts';
import { RefusedError } from './errors.ts';

type Ask = (ids: readonly string[]) => Promise<Rows>;

/**
 * Asks for the rows of ids. An id that the database does not take, such as a name where there are numbers, has no
 * row: it is looked for by halves, so that the others have theirs. Throws what `ask` throws, and a `RefusedError`
 * for what is refused without any id too.
 */
export async function askByHalves(ids: readonly string[], ask: Ask): Promise<Rows> {
  try {
    return await ask(ids);
  } catch (error) {
    throwUnlessRefused(error);
  }
  const { columns } = await ask([]); // it may be another value that is refused
  return { columns, rows: await rowsOfHalves(ids, ask) };
}

/** The rows for ids one of which is refused. */
async function rowsOfHalves(ids: readonly string[], ask: Ask): Promise<Rows['rows']> {
  if (ids.length === 1) {
    return [];
  }
  const middle = Math.ceil(ids.length / 2);
  const first = await rowsOf(ids.slice(0, middle), ask);
  return [...first, ...(await rowsOf(ids.slice(middle), ask))];
}

async function rowsOf(ids: readonly string[], ask: Ask): Promise<Rows['rows']> {
  try {
    return (await ask(ids)).rows;
  } catch (error) {
    throwUnlessRefused(error);
    return rowsOfHalves(ids, ask);
  }
}

function throwUnlessRefused(error: unknown): void {
  if (!(error instanceof RefusedError)) {
    throw error;
  }
}
