import type { QueryArrayResult } from 'pg';
import Cursor from 'pg-cursor';
import type { Parameter, QuerySettings, Rows } from '../database.ts';
import { StatementError } from '../errors.ts';
import { cancel } from './cancel.ts';
import { cut, type Client } from './connection.ts';
import { faultOf } from './faults.ts';
import type { Pool } from './pool.ts';
import { readerOf } from './values.ts';

/**
 * What holds for the transaction of a query, and for nothing else, so that a pooler before the server may
 * give the connection to others. A cursor is read as long as the run lasts: the limits on the time of a
 * statement are off, as in a dump. Values come in the forms that `values.ts` reads. A server that can look whether
 * we are still there does so: it does not go on for hours for a process that was killed.
 */
const begin = `
  begin transaction read only;
  set local statement_timeout = 0;
  set local datestyle = iso;
  set local bytea_output = hex;
  set local extra_float_digits = 3;
  select set_config('transaction_timeout', '0', true)
    where current_setting('server_version_num')::int >= 170000;
  select set_config('client_connection_check_interval', '10s', true)
    where current_setting('server_version_num')::int >= 140000 and version() like '%linux%'`;

/** The answer to a query, so many rows at a time. */
export async function* readQuery(
  pool: Pool,
  sql: string,
  parameters: readonly Parameter[],
  { batchSize, signal }: QuerySettings,
): AsyncGenerator<Rows, void, undefined> {
  const client = await pool.take();
  let isWhole = false;
  let cancelled: Promise<void> | undefined;
  const abandon = () => {
    cancelled = cancel(client);
    cut(client);
  };
  signal?.addEventListener('abort', abandon);
  try {
    await pool.answer(client, client.query(begin));
    const cursor = client.query(new ReadingCursor(client, sql, parameters));
    for (let isLast = false; !isLast;) {
      const rows = await pool.answer(client, cursor.next(batchSize));
      if (rows.columns.length === 0 && rows.rows.length === 0) {
        throw new StatementError('it gives no rows: a SELECT does');
      }
      isLast = rows.rows.length < batchSize;
      yield rows;
    }
    await pool.answer(client, client.query('commit'));
    isWhole = true;
  } catch (error) {
    if (signal?.aborted !== true) {
      throw faultOf(error, 'reading');
    }
  } finally {
    signal?.removeEventListener('abort', abandon);
    if (isWhole) {
      pool.giveBack(client);
    } else {
      pool.drop(client); // it is in the middle of an answer
    }
    await cancelled;
  }
}

/** Its types leave out what `pg` calls. */
const { handleError: handleErrorOf } = Cursor.prototype as unknown as {
  readonly handleError: (this: Cursor<unknown[]>, error: Error) => void;
};

/** One that tells its columns, and does not take part in COPY. */
class ReadingCursor extends Cursor<unknown[]> {
  readonly #client: Client;
  #reject: (error: Error) => void = () => {};

  constructor(client: Client, sql: string, parameters: readonly Parameter[]) {
    super(sql, [...parameters], { rowMode: 'array', types: { getTypeParser: readerOf } });
    this.#client = client;
  }

  /** So many rows; fewer are the last ones. */
  next(count: number): Promise<Rows> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.read(count, (error, rows, result: QueryArrayResult) => {
        if (error) {
          reject(error);
        } else {
          resolve({ columns: result.fields.map(({ name }) => name), rows });
        }
      });
    });
  }

  /**
   * `pg-cursor` tells nobody when it has had the last row, although whoever has asked for it hears of it only with
   * what the server says afterwards, which never comes when the connection is lost in between.
   */
  handleError(error: Error): void {
    handleErrorOf.call(this, error);
    this.#reject(error);
  }

  /** `copy … to stdout` answers by a way of its own. */
  handleCopyData(): void {
    this.#refuse();
  }

  /** `copy … from stdin` wants to be told something. */
  handleCopyInResponse(): void {
    this.#refuse();
  }

  #refuse(): void {
    this.#client.connection.emit('error', new StatementError('COPY is no query: give a SELECT'));
    cut(this.#client);
  }
}
