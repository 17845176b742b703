import { describe, expect, it } from 'vitest';
import { isAmong, type Failed, type FailedCauses } from '../../../src/model/options/failed-causes.ts';
import { resolveRunOptions } from '../../../src/model/options/run-options.ts';

const causesOf = (retryFailed: string | boolean): FailedCauses | undefined =>
  resolveRunOptions({ retryFailed }).retryFailed;

describe('--retry-failed', () => {
  it.each<[string | boolean, FailedCauses | undefined]>([
    [true, 'all'],
    [false, undefined],
    ['all', 'all'],
    ['timeout,all', 'all'],
    ['timeout', ['timeout']],
    ['timeout, status=503 ,429,CONNECTION_RESET', ['timeout', 503, 429, 'CONNECTION_RESET']],
  ])('%j', (text, causes) => {
    expect(causesOf(text)).toEqual(causes);
  });

  it.each(['', 'timeout,', 'nonsense', '600', 'status=5xx', 'TIMEOUT', 'constructor'])(
    '%j is none',
    (text) => {
      expect(() => causesOf(text)).toThrow(/^--retry-failed: must be kinds, codes or statuses/);
    },
  );
});

describe('isAmong', () => {
  const refused: Failed = { error: { kind: 'connect', code: 'CONNECTION_REFUSED' } };
  const busy: Failed = { status: 503, error: { kind: 'status', code: 'HTTP_STATUS' } };

  it.each<[FailedCauses, Failed, boolean]>([
    ['all', {}, true],
    [['connect'], refused, true],
    [['CONNECTION_REFUSED'], refused, true],
    [['connect'], busy, false],
    [[503], busy, true],
    [[500, 'status'], busy, true],
    [[500], busy, false],
    [['timeout'], {}, false],
  ])('%j, %j: %s', (causes, failed, is) => {
    expect(isAmong(causes, failed)).toBe(is);
  });
});
