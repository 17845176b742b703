import type { Socket } from 'node:net';
import { requestHeads } from './heads.ts';
import type { Act } from './raw.ts';

/** Does the acts one after the other, for every request of a connection. */
export function onRequest(...acts: readonly Act[]): Act {
  return async (socket, connection) => {
    for await (const _ of requestHeads(socket)) {
      await inTurn(...acts)(socket, connection);
    }
  };
}

/** Does the acts one after the other, as long as the connection is there. */
export function inTurn(...acts: readonly Act[]): Act {
  return async (socket, connection) => {
    for (const act of acts) {
      if (!socket.destroyed) {
        await act(socket, connection);
      }
    }
  };
}

/** The first act for the first connection, the second for the second; the last for all others. */
export function byConnection(...acts: readonly [Act, ...Act[]]): Act {
  return (socket, connection) => acts[Math.min(connection, acts.length) - 1]!(socket, connection);
}

/** Sends bytes, as latin1 when they are text, and goes on when the system has taken them. */
export function send(bytes: string | Uint8Array): Act {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  // An error of writing is a client that has gone; the socket reports it too.
  return (socket) => new Promise((resolve) => void socket.write(buffer, () => resolve()));
}

/** Ends the connection in an orderly way (FIN). */
export function end(): Act {
  return (socket) => void socket.end();
}

/** Resets the connection (RST). What was sent before arrives first. */
export function reset(): Act {
  return (socket) => void socket.resetAndDestroy();
}

/** Does nothing until the connection is gone. */
export function stall(): Act {
  return (socket) => new Promise((resolve) => void socket.once('close', () => resolve()));
}

/** Sends bytes, then nothing more. */
export function stallAfter(bytes: string | Uint8Array): Act {
  return inTurn(send(bytes), stall());
}

/** Sends one byte at a time. */
export function drip(bytes: string, everyMs: number): Act {
  return async (socket, connection) => {
    for (const byte of Buffer.from(bytes, 'latin1')) {
      if (socket.destroyed) {
        return;
      }
      await send(Uint8Array.of(byte))(socket, connection);
      await pause(socket, everyMs);
    }
  };
}

/** Sends the same again and again until the connection is gone. */
export function forever(bytes: string, everyMs: number): Act {
  return async (socket, connection) => {
    while (!socket.destroyed) {
      await send(bytes)(socket, connection);
      await pause(socket, everyMs);
    }
  };
}

/** Sends `102 Processing` and never an answer. */
export function informationalForever(everyMs: number): Act {
  return forever('HTTP/1.1 102 Processing\r\n\r\n', everyMs);
}

/** Waits, but not longer than the connection is there, so that no timer outlives its test. */
function pause(socket: Socket, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    socket.once('close', done);
    function done() {
      clearTimeout(timer);
      socket.off('close', done);
      resolve();
    }
  });
}

/**
 * How a client tells of a reset that comes together with bytes. Node 22's libuv takes it for an end
 * (the read is partial and the socket hung up), later ones report it.
 */
export const resetAfterBytes =
  Number.parseInt(process.versions.node) < 24 ? 'CONNECTION_CLOSED' : 'CONNECTION_RESET';
