import type { Milliseconds } from '../model/units.ts';
import type { WorkerSettings } from './message.ts';

/** What runs a chain is told. */
export interface ChainSettings extends Pick<WorkerSettings, 'body' | 'maxBody' | 'timeoutMs'> {
  /** Told before each step, by its place in the chain. */
  readonly onStep: (step: number) => void;
  /** Told after each step for how long it kept this thread, whatever it awaits then. */
  readonly onCalled?: (spec: string, tookMs: Milliseconds) => void;
  /** Told whatever a step logs: a module need not be TypeScript. */
  readonly onLog: (message: unknown) => void;
  /** The folders of this program: no place there is told. */
  readonly own: readonly string[];
}
