import type { Server, ServerResponse } from 'node:http';

/** What the server has seen so far; the object is kept up to date. */
export interface ServeCounters {
  readonly requests: number;
  /** Requests that came and are neither answered nor given up. */
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Sockets open now. */
  readonly connections: number;
  readonly peakConnections: number;
  /** Faults that were injected, and requests above the rate limit. */
  readonly errors: number;
  readonly resets: number;
  readonly limited: number;
}

/** The counters of one server, and the hands that move them. */
export interface Tally {
  readonly counters: ServeCounters;
  /** Counts a request, from now until its answer is sent or its connection gone. */
  begin(response: ServerResponse): void;
  /** Counts a fault. */
  count(what: 'errors' | 'resets' | 'limited'): void;
}

/** Starts counting the connections of a server. */
export function createTally(server: Server): Tally {
  const counters = {
    requests: 0,
    inFlight: 0,
    peakInFlight: 0,
    connections: 0,
    peakConnections: 0,
    errors: 0,
    resets: 0,
    limited: 0,
  };
  server.on('connection', (socket) => {
    counters.connections++;
    counters.peakConnections = Math.max(counters.peakConnections, counters.connections);
    socket.once('close', () => counters.connections--);
  });
  // One function for all requests: a closure for each would be felt at 30,000 requests a second.
  const end = () => counters.inFlight--;
  return {
    counters,
    begin(response) {
      counters.requests++;
      counters.inFlight++;
      counters.peakInFlight = Math.max(counters.peakInFlight, counters.inFlight);
      response.on('close', end);
    },
    count(what) {
      counters[what]++;
    },
  };
}
