import { describe, expect, it } from 'vitest';
import { RetryBudget } from '../../../src/fetch/policy/retry-budget.ts';

describe('RetryBudget', () => {
  it.each([
    [0, 0, 10],
    [0.2, 0, 10],
    [0.2, 100, 30],
    [1, 7, 17],
  ])('of %d allows after %i requests %i retries', (share, requests, allowed) => {
    const budget = new RetryBudget(share);
    for (let request = 0; request < requests; request++) {
      budget.onRequest();
    }
    const granted = Array.from({ length: allowed + 5 }, () => budget.take());
    expect(granted.filter(Boolean)).toHaveLength(allowed);
    expect(granted.at(-1)).toBe(false);
  });

  it('grows with the requests', () => {
    const budget = new RetryBudget(0.5);
    while (budget.take());
    budget.onRequest();
    budget.onRequest();
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });

  it('without a share has no end', () => {
    const budget = new RetryBudget(undefined);
    expect(Array.from({ length: 1000 }, () => budget.take())).not.toContain(false);
  });
});
