import { mulberry32 } from '../../../src/serve/random.ts';
import type { Milliseconds } from '../../../src/model/units.ts';

/** What a server can do at a moment. */
export interface Capacity {
  /** Requests served at once; others wait in line. */
  readonly workers: number;
  readonly serviceMs: Milliseconds;
  /** Requests in the house beyond which it answers 503 at once. */
  readonly room?: number;
}

/** A server, a network and a client with an endless list. */
export interface World {
  readonly capacity: (now: Milliseconds) => Capacity;
  /** Shape of service times with mean 1, from numbers in [0, 1). */
  readonly spread: (random: () => number) => number;
  readonly networkMs: Milliseconds;
  readonly lengthMs: Milliseconds;
  readonly seed?: number;
}

/** What decides how many are in flight. */
export interface Control {
  readonly limit: number;
  answered(startedAt: Milliseconds, now: Milliseconds, active: number): void;
  troubled(startedAt: Milliseconds, now: Milliseconds): void;
}

/** What came of it. */
export interface Outcome {
  readonly perSecond: number;
  readonly p99: Milliseconds;
  readonly refused: number;
  /** The limit over time: at the end of each second. */
  readonly limits: readonly number[];
}

/** Service times as they are found: all alike, alike but for a fifth, and without memory. */
export const spreads = {
  constant: () => 1,
  even: (random: () => number) => 0.8 + 0.4 * random(),
  exponential: (random: () => number) => -Math.log(1 - random()),
} as const;

/** A limit that never changes. */
export function fixed(limit: number): Control {
  return { limit, answered: () => {}, troubled: () => {} };
}

/** Runs a world to its end: a discrete-event simulation, the same for the same seed. */
export function simulate(world: World, control: Control): Outcome {
  const random = mulberry32(world.seed ?? 1);
  const events = new Events();
  const line: Milliseconds[] = [];
  const times: Milliseconds[] = [];
  const limits: number[] = [];
  let [now, active, busy, refused] = [0, 0, 0, 0];

  function send(): void {
    while (active < control.limit) {
      active++;
      const startedAt = now;
      events.add(now + world.networkMs / 2, () => arrive(startedAt));
    }
  }

  function arrive(startedAt: Milliseconds): void {
    if (busy + line.length >= (world.capacity(now).room ?? Number.POSITIVE_INFINITY)) {
      events.add(now + world.networkMs / 2, () => {
        refused++;
        control.troubled(startedAt, now);
        active--;
        send();
      });
    } else {
      line.push(startedAt);
      serve();
    }
  }

  function serve(): void {
    const { workers, serviceMs } = world.capacity(now);
    while (busy < workers && line.length > 0) {
      busy++;
      const startedAt = line.shift()!;
      events.add(now + serviceMs * world.spread(random), () => {
        busy--;
        serve();
        events.add(now + world.networkMs / 2, () => {
          times.push(now - startedAt);
          control.answered(startedAt, now, active);
          active--;
          send();
        });
      });
    }
  }

  send();
  for (let event = events.next(); event !== undefined && event.at < world.lengthMs; event = events.next()) {
    now = event.at;
    while (limits.length < Math.floor(now / 1000)) {
      limits.push(control.limit);
    }
    event.run();
  }
  const sorted = times.toSorted((a, b) => a - b);
  return {
    perSecond: (1000 * times.length) / world.lengthMs,
    p99: sorted[Math.floor(0.99 * sorted.length)] ?? 0,
    refused,
    limits,
  };
}

interface Event {
  readonly at: Milliseconds;
  readonly run: () => void;
}

/** What is to come, the earliest first: a binary heap. */
class Events {
  readonly #heap: Event[] = [];

  add(at: Milliseconds, run: () => void): void {
    const heap = this.#heap;
    let place = heap.push({ at, run }) - 1;
    for (let above = (place - 1) >> 1; place > 0 && heap[above]!.at > at; above = (place - 1) >> 1) {
      [heap[place], heap[above]] = [heap[above]!, heap[place]!];
      place = above;
    }
  }

  next(): Event | undefined {
    const heap = this.#heap;
    const [first, last] = [heap[0], heap.pop()];
    if (last !== undefined && heap.length > 0) {
      heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    const heap = this.#heap;
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      let least = place;
      for (const child of [left, right]) {
        if (child < heap.length && heap[child]!.at < heap[least]!.at) {
          least = child;
        }
      }
      if (least === place) {
        return;
      }
      [heap[place], heap[least]] = [heap[least]!, heap[place]!];
      place = least;
    }
  }
}
