import type { Connection, Submittable } from 'pg';
import type { Client } from './connection.ts';

/**
 * Runs statements of which one is a `copy … from stdin`, and gives it the rows. They are one message, and so
 * one transaction: all or nothing, without a round trip for its begin and its end. Rejects with what the
 * server says, or with what `chunks` throws.
 */
export function copyInto(client: Client, sql: string, chunks: Iterator<Buffer, void>): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyQuery(sql, chunks, resolve, reject));
  });
}

/**
 * What `pg` calls when the server answers. Not that of `pg-copy-streams`: when the server refuses a row
 * while others are still being sent, its stream fails outside of every call that could be caught.
 */
class CopyQuery implements Submittable {
  readonly #sql: string;
  readonly #chunks: Iterator<Buffer, void>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  #isOver = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(
    sql: string,
    chunks: Iterator<Buffer, void>,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#sql = sql;
    this.#chunks = chunks;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Connection): void {
    connection.query(this.#sql);
  }

  /** The server wants the rows. */
  handleCopyInResponse(connection: CopyConnection): void {
    try {
      this.#send(connection);
    } catch (error) {
      this.#fault = { error };
      connection.sendCopyFail('given up');
    }
  }

  /** Until the system takes no more, and then again. */
  #send(connection: CopyConnection): void {
    while (!this.#isOver) {
      const { done, value } = this.#chunks.next();
      if (done === true) {
        connection.endCopyFrom();
        return;
      }
      if (!sendChunk(connection, value)) {
        connection.stream.once('drain', () => this.handleCopyInResponse(connection));
        return;
      }
    }
  }

  handleError(error: Error): void {
    this.#isOver = true;
    this.#reject(this.#fault === undefined ? error : this.#fault.error);
  }

  handleReadyForQuery(): void {
    this.#isOver = true;
    this.#resolve();
  }

  // Nothing is wanted of what the other statements say.
  handleCommandComplete(): void {}
  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
}

/** What the types of `pg` leave out. */
interface CopyConnection extends Connection {
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** `CopyData`: a letter, the length of the rest with itself, the bytes. False: the system takes no more. */
function sendChunk({ stream }: Connection, chunk: Buffer): boolean {
  const head = Buffer.allocUnsafe(5);
  head.writeUInt8(0x64); // d
  head.writeUInt32BE(4 + chunk.length, 1);
  stream.cork();
  stream.write(head);
  const takesMore = stream.write(chunk);
  stream.uncork();
  return takesMore;
}
