import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A server in a process of its own, fast enough for a million requests. */
export interface CannedServer extends AsyncDisposable {
  readonly url: string;
  /** Requests answered so far. */
  answered(): Promise<number>;
}

/** Starts it on a free port. */
export async function cannedServer(): Promise<CannedServer> {
  const child = fork(path.join(import.meta.dirname, 'canned-server.ts'));
  const [port] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async answered() {
      child.send('how many?');
      const [count] = await once(child, 'message');
      return Number(count);
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'close');
    },
  };
}
