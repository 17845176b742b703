import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/model/near.ts';

const words = ['rate', 'retry', 'concurrency', 'perHostRate', 'url', 'id'];

it.each([
  ['concurency', 'concurrency'],
  ['per-host-rate', 'perHostRate'],
  ['PER_HOST_RATE', 'perHostRate'],
  ['rat', 'rate'],
  ['uri', 'url'],
  ['retrys', 'retry'],
  ['retries', undefined],
  ['colour', undefined],
  ['x', undefined],
  ['', undefined],
])('%s is %s', (word, meant) => {
  expect(nearest(word, words)).toBe(meant);
});

it('the nearest of several', () => {
  expect(nearest('ratee', ['grate', 'rate', 'rates'])).toBe('rate');
});

it('is put as a question', () => {
  expect(didYouMean('rate')).toBe(' (did you mean rate?)');
  expect(didYouMean(undefined)).toBe('');
});
