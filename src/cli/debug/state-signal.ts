import os from 'node:os';
import type { BulkFetch } from '../../run.ts';
import type { Log } from './log.ts';

/** SIGINFO is what Ctrl-T sends where terminals have it; Linux has none, and Windows neither of them. */
const asking = ['SIGUSR1', 'SIGINFO'] as const;

/**
 * Shows how the run stands whenever a signal asks for it, in the log where there is one, until what it gives
 * is called. (The launcher listens to SIGUSR1 as well: that of a process without a run is not Node's to take.)
 */
export function showStateOnSignal(
  run: BulkFetch,
  say: (text: string) => void,
  log: Log | undefined,
): () => void {
  const known = asking.filter((signal) => signal in os.constants.signals);
  const show = async () => {
    const { stateText } = await import('./state-text.ts');
    const at = performance.now();
    const state = run.state();
    const { elapsedMs, tasks } = run.summary();
    const text = stateText(state, { elapsedMs, failed: tasks.failed });
    if (log === undefined) {
      say(text);
    } else {
      log.show({ level: 'info', event: 'state', at, text, fields: { ...state, failed: tasks.failed } });
    }
  };
  const listener = () => void show();
  known.forEach((signal) => process.on(signal, listener));
  return () => known.forEach((signal) => process.off(signal, listener));
}
