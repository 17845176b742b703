import type { Server, Socket } from 'node:net';

/** The connections of a test server. */
export interface SocketWatch {
  readonly open: number;
  readonly peak: number;
  /** All that were ever accepted. */
  readonly total: number;
  /** Stops listening and cuts what is open; harmless when repeated. */
  close(): Promise<void>;
}

/** Watches all connections of a server, from now on. */
export function watchSockets(server: Server): SocketWatch {
  const sockets = new Set<Socket>();
  let peak = 0;
  let total = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    total++;
    peak = Math.max(peak, sockets.size);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {}); // clients that reset are part of the tests
  });
  return {
    get open() {
      return sockets.size;
    },
    get peak() {
      return peak;
    },
    get total() {
      return total;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}
