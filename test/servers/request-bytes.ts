import { once } from 'node:events';
import type { Socket } from 'node:net';

/** Reads a protocol of counted bytes. What comes after the last that was asked for stays in the socket. */
export function requestBytes(socket: Socket): (length: number) => Promise<Buffer> {
  return async (length) => {
    for (;;) {
      const bytes: unknown = length === 0 ? Buffer.alloc(0) : socket.read(length);
      if (bytes instanceof Buffer) {
        return bytes;
      }
      await once(socket, 'readable');
    }
  };
}
