import { expect, it } from 'vitest';
import { until } from './until.ts';

it('returns once the predicate holds', async () => {
  let asked = 0;
  await until(() => ++asked === 3);
  expect(asked).toBe(3);
});

it('says what it waited for in vain', async () => {
  const waited = until(() => false, { timeoutMs: 1, what: 'pigs fly' });
  await expect(waited).rejects.toThrow('waited 1 ms in vain until pigs fly');
});
