import type { BulkFetch } from '../run.ts';
import { exitStatus, type ExitStatus } from './exit.ts';

const statuses = { SIGINT: exitStatus.sigint, SIGTERM: exitStatus.sigterm } as const;

/** Watches for signals until released. */
export interface Interrupt {
  /** The exit status that the first signal asks for; undefined when none came. */
  status(): ExitStatus | undefined;
  release(): void;
}

/**
 * The first SIGINT or SIGTERM starts nothing new and lets what is in flight end, so that every line
 * is whole; the second stops at once.
 */
export function drainOnSignal(
  run: BulkFetch,
  say: (line: string) => void,
  endAtOnce: (status: ExitStatus) => void = (own) => process.exit(own),
): Interrupt {
  let status: ExitStatus | undefined;
  const listeners = Object.entries(statuses).map(([signal, own]) => {
    const listener = () => {
      if (status !== undefined) {
        endAtOnce(own);
      }
      status = own;
      const { inFlight, transforming = 0 } = run.stats();
      const transformed = transforming > 0 ? ` and the ${transforming} in the transforms` : '';
      say(`bulkfetch: stopping after the ${inFlight} in flight${transformed}; once more to stop at once`);
      run.drain();
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  });
  return {
    status: () => status,
    release: () => {
      for (const off of listeners) {
        off();
      }
    },
  };
}
