import type net from 'node:net';

/**
 * The next `length` bytes of a socket that nobody else reads, or as many as there are. Undefined:
 * it ended before. What is not asked for stays in the socket.
 */
export async function readBytes(socket: net.Socket, length?: number): Promise<Buffer | undefined> {
  for (;;) {
    const bytes: unknown = socket.read(length);
    if (bytes instanceof Buffer) {
      return length === undefined || bytes.length === length ? bytes : undefined;
    }
    if (socket.readableEnded || socket.destroyed) {
      return undefined;
    }
    await change(socket);
  }
}

const turns = ['readable', 'end', 'close'] as const;

function change(socket: net.Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const turn of turns) {
        socket.off(turn, done);
      }
      resolve();
    };
    for (const turn of turns) {
      socket.on(turn, done);
    }
  });
}
