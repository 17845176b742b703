import type { RunObserver } from '../../model/observer.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Milliseconds } from '../../model/units.ts';

const intervalMs: Milliseconds = 100;

/** Tells how a run stands, at once and ten times a second, until what it gives is called: once more then. */
export function startSamples(state: () => RunState, tell: RunObserver): () => void {
  const sample = () => tell({ event: 'sample', at: performance.now(), state: state() });
  const timer = setInterval(sample, intervalMs);
  sample();
  return () => {
    clearInterval(timer);
    sample();
  };
}
