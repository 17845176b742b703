import { fnv1a } from '../../model/fnv1a.ts';
import type { Cell, Table } from '../database.ts';
import { quoted } from '../names.ts';
import { quotedTable } from '../spec.ts';
import { copyText } from './copy-text.ts';
import { copyInto } from './copy.ts';
import { sqlState } from './faults.ts';
import type { Pool } from './pool.ts';
import { Turns } from './turns.ts';

/**
 * Writes rows into one table. COPY straight into it is the fastest way by far, but it cannot replace a row;
 * where it meets one that is there, the batch goes into a table of the session first, and from there
 * over what is there. (On 2 cores, 28 columns: 30,000 rows a second and 21,000.)
 */
export class Upserts {
  readonly #pool: Pool;
  readonly #turns = new Turns();
  readonly #direct: string;
  readonly #staged: string;
  /** COPY straight into it is never possible: row-level security, a view. */
  #isIndirect = false;

  constructor(pool: Pool, table: Table) {
    this.#pool = pool;
    this.#direct = directSql(table);
    this.#staged = stagedSql(table);
  }

  /** All or none of the rows. Throws as a `Driver` does. */
  async put(rows: readonly (readonly Cell[])[]): Promise<void> {
    if (!this.#isIndirect && this.#turns.mayTry()) {
      try {
        await this.#pool.use('writing', (client) => copyInto(client, this.#direct, copyText(rows)));
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
    await this.#pool.use('writing', (client) => copyInto(client, this.#staged, copyText(rows)));
  }
}

const uniqueViolation = '23505';
const notSupported = '0A000';
const wrongObjectType = '42809';

function directSql({ name, columns }: Table): string {
  return `copy ${quotedTable('postgres', name)} (${columns.map((column) => quoted(column.name)).join()}) from stdin`;
}

/**
 * The table of the session has the columns of the other with their types and none of its constraints, and is
 * empty after each transaction. Its name is of what it is made for: a pooler may give the session to others.
 * In the order of the key, so that two who write the same rows rarely wait for each other in a circle.
 */
function stagedSql({ name, columns, key }: Table): string {
  const target = quotedTable('postgres', name);
  const names = columns.map((column) => quoted(column.name));
  const keys = key.map(quoted);
  const stage = `pg_temp.bulkfetch_${fnv1a(`${target}(${names.join()})`).toString(36)}`;
  const others = names.filter((column) => !keys.includes(column));
  const replacement =
    others.length === 0 ? 'nothing' : `update set ${others.map((one) => `${one} = excluded.${one}`).join()}`;
  return `
    create temp table if not exists ${stage} on commit delete rows as
      select ${names.join()} from ${target} with no data;
    copy ${stage} (${names.join()}) from stdin;
    insert into ${target} (${names.join()})
      select ${names.join()} from ${stage} order by ${keys.join()}
      on conflict (${keys.join()}) do ${replacement}`;
}
