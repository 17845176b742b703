import { describe, expect, it } from 'vitest';
import { progressLine, progressText, type ProgressState } from '../../src/report/progress-line.ts';

const stats = {
  read: 12_500,
  sourceEnded: false,
  waiting: 100,
  inFlight: 50,
  finished: 12_345,
  requests: 12_400,
  retries: 2,
  sockets: 50,
};

function state(more: Partial<ProgressState> = {}): ProgressState {
  return { stats, failed: 3, total: undefined, rate: 1200, elapsedMs: 10_300, ...more };
}

describe('progressText', () => {
  it.each([
    [
      'an unknown total: no percentage and no guess at the end',
      state(),
      '12,345 done · 1,200/s · 50 in flight · 3 failed · 2 retries · 0:10 elapsed',
    ],
    [
      'a known total',
      state({ total: 20_000 }),
      '12,345/20,000 62 % · 1,200/s · 50 in flight · 3 failed · 2 retries · 0:06 left',
    ],
    [
      'nothing wrong yet, and no speed to go by',
      state({ total: 20_000, failed: 0, rate: 0, stats: { ...stats, finished: 0, retries: 0 } }),
      '0/20,000 0 % · 0/s · 50 in flight',
    ],
    [
      'a concurrency that is found by itself',
      state({ failed: 0, stats: { ...stats, retries: 0, limit: 64 } }),
      '12,345 done · 1,200/s · 50 of 64 in flight · 0:10 elapsed',
    ],
    [
      'one retry',
      state({ failed: 0, stats: { ...stats, retries: 1 } }),
      '12,345 done · 1,200/s · 50 in flight · 1 retry · 0:10 elapsed',
    ],
    [
      'an empty source',
      state({ total: 0, failed: 0, stats: { ...stats, finished: 0, inFlight: 0, retries: 0 } }),
      '0/0 100 % · 1,200/s · 0 in flight · 0:00 left',
    ],
  ])('shows %s', (_, state, text) => expect(progressText(state)).toBe(text));
});

describe('progressLine', () => {
  it('has a bar in proportion where the total is known', () => {
    const half = state({ total: 20_000, stats: { ...stats, finished: 10_000 } });
    expect(progressLine(half, 200)).toBe(`${'█'.repeat(20)}${'░'.repeat(20)} ${progressText(half)}`);
  });

  it('has a sign of life and no bar where it is not', () => {
    expect(progressLine(state({ elapsedMs: 0 }), 200)).toMatch(/^⠋ 12,345 done/);
    expect(progressLine(state({ elapsedMs: 100 }), 200)).toMatch(/^⠙ 12,345 done/);
  });

  it.each([state(), state({ total: 20_000 })])('fits any width', (state) => {
    for (let columns = 1; columns <= 200; columns += 1) {
      const line = progressLine(state, columns);
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(line.includes('░')).toBe(state.total !== undefined && columns >= progressText(state).length + 9);
    }
  });
});
