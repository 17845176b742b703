import { fnv1a } from '../../model/fnv1a.ts';
import type { Cell, Table } from '../database.ts';
import { AwayError, RefusedError } from '../errors.ts';
import { hasUnstorable } from '../escapes.ts';
import { quoted } from '../names.ts';
import { quotedTable } from '../spec.ts';
import { binaryForm } from './copy-binary.ts';
import type { CopyForm } from './copy-form.ts';
import { textForm } from './copy-text.ts';
import { copyInto } from './copy.ts';
import { sqlState } from './faults.ts';
import type { Pool } from './pool.ts';
import { typesOf } from './tables.ts';
import { Turns } from './turns.ts';

/**
 * Writes rows into one table. COPY straight into it is the fastest way by far, but it cannot replace a row;
 * where it meets one that is there, the batch goes into a table of the session first, and from there
 * over what is there.
 */
export class Upserts {
  readonly #pool: Pool;
  readonly #table: Table;
  readonly #jsonAt: readonly number[];
  readonly #turns = new Turns();
  #ways: Promise<Ways> | undefined;
  /** COPY straight into it is never possible: row-level security, a view. */
  #isIndirect = false;

  constructor(pool: Pool, table: Table) {
    this.#pool = pool;
    this.#table = table;
    this.#jsonAt = table.columns.flatMap(({ type }, at) => (type === 'json' ? [at] : []));
  }

  /** All or none of the rows. Throws as a `Driver` does. */
  async put(rows: readonly (readonly Cell[])[]): Promise<void> {
    this.#checkJson(rows);
    try {
      await this.#write(rows);
    } catch (error) {
      if (error instanceof AwayError || !(await this.#isAltered())) {
        throw error;
      }
      await this.#write(rows);
    }
  }

  async #write(rows: readonly (readonly Cell[])[]): Promise<void> {
    const { form, direct, staged } = await this.#waysIn();
    if (!this.#isIndirect && this.#turns.mayTry()) {
      try {
        await this.#pool.use('writing', (client) => copyInto(client, direct, form.chunksOf(rows)));
        this.#turns.wentWell();
        return;
      } catch (error) {
        const state = sqlState(error);
        if (state !== uniqueViolation && state !== notSupported && state !== wrongObjectType) {
          throw error;
        }
        this.#isIndirect = state !== uniqueViolation;
        this.#turns.failed();
      }
    }
    await this.#pool.use('writing', (client) => copyInto(client, staged, form.chunksOf(rows)));
  }

  /** Whether somebody has altered the types of the columns since the last look; looks. */
  async #isAltered(): Promise<boolean> {
    const before = await this.#waysIn();
    this.#ways = undefined;
    return (await this.#waysIn()).staged !== before.staged;
  }

  /** A column of type `json` would take it, and whoever reads it would be told that it cannot be read. */
  #checkJson(rows: readonly (readonly Cell[])[]): void {
    for (const row of rows) {
      for (const at of this.#jsonAt) {
        const cell = row[at];
        if (typeof cell === 'string' && hasUnstorable(cell)) {
          throw new RefusedError('NUL or half a surrogate pair in JSON is no text of PostgreSQL');
        }
      }
    }
  }

  /** Looks at the table when the first rows come; again after a failure. */
  #waysIn(): Promise<Ways> {
    this.#ways ??= waysInto(this.#pool, this.#table).catch((error: unknown) => {
      this.#ways = undefined;
      throw error;
    });
    return this.#ways;
  }
}

const uniqueViolation = '23505';
const notSupported = '0A000';
const wrongObjectType = '42809';

/** How rows get into a table. */
interface Ways {
  readonly form: CopyForm;
  /** Straight into it … */
  readonly direct: string;
  /** … and by a table of the session. */
  readonly staged: string;
}

async function waysInto(pool: Pool, table: Table): Promise<Ways> {
  const found = await typesOf(
    pool,
    table.name,
    table.columns.map(({ name }) => name),
  );
  const wanted = table.columns.map(({ type }) => type);
  const form = binaryForm(wanted, found) ?? textForm;
  return { form, direct: directSql(table, form), staged: stagedSql(table, form, found) };
}

function directSql({ name, columns }: Table, { options }: CopyForm): string {
  return `copy ${quotedTable('postgres', name)} (${columns.map((column) => quoted(column.name)).join()}) from stdin ${options}`;
}

/**
 * The table of the session has the columns of the other with their types and none of its constraints, and is
 * empty after each transaction. Its name is of what it is made for: a pooler may give the session to others.
 * In the order of the key, so that two who write the same rows rarely wait for each other in a circle. Columns
 * `generated always as identity` take what they are given, as with COPY.
 */
function stagedSql(
  { name, columns, key }: Table,
  { options }: CopyForm,
  types: readonly (number | undefined)[],
): string {
  const target = quotedTable('postgres', name);
  const names = columns.map((column) => quoted(column.name));
  const keys = key.map(quoted);
  const stage = `pg_temp.bulkfetch_${fnv1a(`${target}(${names.join()}) ${types.join()}`).toString(36)}`;
  const others = names.filter((column) => !keys.includes(column));
  const replacement =
    others.length === 0 ? 'nothing' : `update set ${others.map((one) => `${one} = excluded.${one}`).join()}`;
  return `
    create temp table if not exists ${stage} on commit delete rows as
      select ${names.join()} from ${target} with no data;
    copy ${stage} (${names.join()}) from stdin ${options};
    insert into ${target} (${names.join()}) overriding system value
      select ${names.join()} from ${stage} order by ${keys.join()}
      on conflict (${keys.join()}) do ${replacement}`;
}
