import { fnv1a } from '../../../src/model/fnv1a.ts';
import { mulberry32 } from '../../../src/serve/random.ts';
import { send } from '../acts.ts';
import { requestHeads } from '../heads.ts';
import { rawServer, type Act, type RawServer } from '../raw.ts';
import { rightAnswer, type FaultRequest } from './fault.ts';
import { countHeld } from './held.ts';
import { faults } from './index.ts';

/** The name of the fault that the n-th request (from 1) of a task gets; undefined: a right answer. */
export type Plan = (id: string, nth: number) => string | undefined;

/** One request, and what became of it. */
export interface Given extends FaultRequest {
  readonly fault: string | undefined;
}

/** A bad server that runs, and what it has seen. */
export interface FaultServer extends RawServer {
  /** All requests that came whole, by the id of their task, in order of arrival. */
  readonly given: ReadonlyMap<string, readonly Given[]>;
  /** Most connections that the client held at once. */
  readonly peak: number;
}

/**
 * Starts a server whose paths are `/ID`, with the fault that the plan has for the task, and
 * `/FAULT/ID`, with that one (`/none/ID`: a right answer).
 */
export async function faultServer(plan: Plan = () => undefined): Promise<FaultServer> {
  const given = new Map<string, Given[]>();
  const held = countHeld();

  function give(head: string): Act {
    const { method, id, name } = parse(head);
    const earlier = given.get(id) ?? [];
    const fault = name ?? plan(id, earlier.length + 1);
    given.set(id, [...earlier, { method, id, fault }]);
    return fault === undefined || fault === 'none'
      ? send(rightAnswer({ method, id }))
      : faults[fault]!.act({ method, id });
  }

  const server = await rawServer(async (socket, connection) => {
    held.watch(socket);
    for await (const head of requestHeads(socket)) {
      if (!socket.writable) {
        return; // closed by a fault: what still comes is not taken
      }
      await give(head)(socket, connection);
    }
  });
  return {
    ...server,
    given,
    get peak() {
      return held.peak;
    },
  };
}

/** Draws faults for a share of the tasks, for the first request of each: the same in every run. */
export function drawn(names: readonly string[], share: number, seed: number): Plan {
  return (id, nth) => {
    const random = mulberry32(fnv1a(`${seed} ${id}`));
    return nth === 1 && random() < share ? names[Math.floor(random() * names.length)] : undefined;
  };
}

/** The request that a head begins, and the fault that its path names. */
export function parse(head: string): FaultRequest & { readonly name: string | undefined } {
  const [, method = '', name, id = ''] = /^(\S+) (?:\/([^/\s]+))?\/([^/\s]+) HTTP/.exec(head) ?? [];
  return { method, id, name };
}
