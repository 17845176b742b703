import { createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { send } from '../acts.ts';
import { requestHeads } from '../heads.ts';
import { listen } from '../listen.ts';
import { rightAnswer } from './fault.ts';
import { countHeld } from './held.ts';
import { parse, type Given } from './server.ts';

/** A server that is restarted again and again while it runs. */
export interface RestartingServer extends AsyncDisposable {
  readonly url: string;
  readonly restarts: number;
  readonly given: ReadonlyMap<string, readonly Given[]>;
  readonly peak: number;
}

/**
 * Starts a server that after every so many answers loses its connections, whatever goes on there, is
 * not to be reached for a while, and comes back at the same port.
 */
export async function restartingServer(every: number, downMs: number): Promise<RestartingServer> {
  const given = new Map<string, Given[]>();
  const held = countHeld();
  const open = new Set<Socket>();
  let answers = 0;
  let restarts = 0;

  const server = createServer({ noDelay: true }, (socket) => {
    held.watch(socket);
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
    void answer(socket);
  });

  async function answer(socket: Socket): Promise<void> {
    for await (const head of requestHeads(socket)) {
      const request = parse(head);
      given.set(request.id, [...(given.get(request.id) ?? []), { ...request, fault: undefined }]);
      if (++answers % every === 0) {
        await restart();
        return;
      }
      await send(rightAnswer(request))(socket, 0);
    }
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      open.forEach((socket) => socket.destroy());
    });
  }

  async function restart(): Promise<void> {
    if (server.listening) {
      restarts++;
      await stop();
      await delay(downMs);
      server.listen({ host: '127.0.0.1', port, backlog: 4096 });
    }
  }

  const port = await listen(server, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${port}`,
    given,
    get restarts() {
      return restarts;
    },
    get peak() {
      return held.peak;
    },
    [Symbol.asyncDispose]: stop,
  };
}
