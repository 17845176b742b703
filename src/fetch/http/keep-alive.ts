import type { Milliseconds } from '../../model/units.ts';
import type { ResponseHeaders } from './response-head.ts';

/** How long an idle socket is kept, whatever the server promises. */
const idleMs: Milliseconds = 30_000;

/** How long to keep an idle socket: a server that says how long it waits is taken at its word, less a second for the way. */
export function idleLimit(headers: ResponseHeaders): Milliseconds {
  const hint = headers['keep-alive'];
  const timeout = typeof hint === 'string' ? /(?:^|[ ,;])timeout=(\d+)/i.exec(hint) : null;
  return timeout === null ? idleMs : Math.min(idleMs, Math.max(500, Number(timeout[1]) * 1000 - 1000));
}
