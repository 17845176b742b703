import type { RunEvent, RunObserver } from '../../model/observer.ts';
import type { RunState } from '../../model/run-state.ts';
import type { Milliseconds } from '../../model/units.ts';
import { entryOf } from './entries.ts';
import type { Log } from './log.ts';
import { sampleText } from './state-text.ts';

/** Samples are ten a second; one of them is logged, a timer's lateness aside. */
const sampleMs: Milliseconds = 1000;

/** An observer that logs all that a run does, and once a second how it stands. */
export function logging(log: Log): RunObserver {
  let failed = 0;
  let last: { readonly at: Milliseconds; readonly finished: number } | undefined;

  function sample(state: RunState, at: Milliseconds): void {
    const { finished } = state;
    const passedMs = at - (last?.at ?? at);
    if (last !== undefined && passedMs < sampleMs - 50) {
      return;
    }
    if (last !== undefined) {
      const perSecond = ((finished - last.finished) * 1000) / passedMs;
      const text = sampleText(state, { failed }, perSecond);
      const { busiest: _, oldest: __, ...numbers } = state;
      log.write({ level: 'info', event: 'sample', at, text, fields: { ...numbers, failed, perSecond } });
    }
    last = { at, finished };
  }

  return (event: RunEvent) => {
    if (event.event === 'sample') {
      sample(event.state, event.at);
      return;
    }
    failed += event.event === 'task-failed' ? 1 : 0;
    log.write(entryOf(event));
  };
}
