import { Socket } from 'node:net';
import { Client } from 'undici';
import type { Reading } from './read.ts';

/**
 * What llhttp, as undici uses it, makes of an answer that comes in one read, with the end of the
 * connection after it. Over a socket that leads nowhere, so that thousands take a second.
 */
export async function llhttpReads(text: string, method: 'GET' | 'HEAD'): Promise<Reading> {
  const socket = new AnsweringSocket(Buffer.from(text, 'latin1'));
  const client = new Client('http://llhttp.test', {
    connect: (_options, done) => queueMicrotask(() => done(null, socket)),
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 16 * 1024,
  });
  try {
    return await exchange(client, socket, method);
  } finally {
    await client.destroy();
  }
}

function exchange(client: Client, socket: Socket, method: 'GET' | 'HEAD'): Promise<Reading> {
  const told: { status: number; headers: Record<string, string | string[]>; body: string } = {
    status: 0,
    headers: {},
    body: '',
  };
  return new Promise((resolve) => {
    client.dispatch(
      { path: '/', method, reset: false },
      {
        onRequestStart() {},
        onResponseStart(_controller, status, headers) {
          told.status = status;
          told.headers = {}; // those of an interim answer do not count
          for (const [name, value = ''] of Object.entries(headers)) {
            Object.defineProperty(told.headers, name, { value, enumerable: true });
          }
        },
        onResponseData: (_controller, bytes) => void (told.body += bytes.toString('latin1')),
        // Only then it shows whether it keeps the connection.
        onResponseEnd: () => process.nextTick(() => resolve({ ...told, isReusable: !socket.destroyed })),
        onResponseError: (_controller, error) => resolve({ refused: `${error.name}: ${error.message}` }),
      },
    );
  });
}

/** Answers the first write with the bytes, and ends when they have been read. */
class AnsweringSocket extends Socket {
  #answer: Buffer | undefined;

  constructor(answer: Buffer) {
    super();
    this.#answer = answer;
  }

  override _read(): void {}

  override _write(_bytes: unknown, _encoding: BufferEncoding, done: () => void): void {
    if (this.#answer !== undefined) {
      this.push(this.#answer);
      this.#answer = undefined;
      setImmediate(() => this.push(null));
    }
    done();
  }
}
