import type { Socket } from 'node:net';

/** Counts the connections that a client holds. */
export interface Held {
  /** Most at once. */
  readonly peak: number;
  watch(socket: Socket): void;
}

/**
 * Starts with none. The end of a connection may be heard of a turn of the event loop after the
 * beginning of its successor: a connection counts with those that are still there two turns later.
 */
export function countHeld(): Held {
  const held = new Set<Socket>();
  let peak = 0;
  return {
    get peak() {
      return peak;
    },
    watch(socket) {
      held.add(socket);
      for (const event of ['end', 'error', 'close']) {
        socket.once(event, () => held.delete(socket));
      }
      const together = [...held];
      const count = () => (peak = Math.max(peak, together.filter((one) => held.has(one)).length));
      setImmediate(() => setImmediate(count));
    },
  };
}
