import { setImmediate as turn } from 'node:timers/promises';
import { send } from '../../servers/acts.ts';
import type { Act } from '../../servers/raw.ts';

/** Sends text cut at these places, ascending, so that the client in this process reads each piece by itself. */
export function sendCut(text: string, cuts: readonly number[]): Act {
  return async (socket, connection) => {
    let from = 0;
    for (const to of [...cuts, text.length]) {
      await send(text.slice(from, to))(socket, connection);
      // Sockets are read between two turns.
      await turn();
      await turn();
      from = to;
    }
  };
}
