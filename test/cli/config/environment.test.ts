import { describe, expect, it } from 'vitest';
import { readEnvironment } from '../../../src/cli/config/environment.ts';
import { runFlags } from '../../../src/cli/flags/index.ts';

function read(env: NodeJS.ProcessEnv) {
  const hints: string[] = [];
  const settings = readEnvironment(env, runFlags, (line) => hints.push(line));
  return { values: Object.fromEntries([...settings].map(([key, { value }]) => [key, value])), hints };
}

it('every option can be set, and none takes the variable of the file', () => {
  const variables = Object.keys(runFlags).map(
    (key) => `BULKFETCH_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`,
  );
  const { values } = read(Object.fromEntries(variables.map((name) => [name, '1'])));
  expect(Object.keys(values)).toEqual(Object.keys(runFlags));
  expect(variables).not.toContain('BULKFETCH_CONFIG');
});

describe('a value', () => {
  it.each<[env: NodeJS.ProcessEnv, values: object]>([
    [{ BULKFETCH_RATE: '5/s' }, { rate: '5/s' }],
    [{ BULKFETCH_PER_HOST_RATE: '5/s' }, { perHostRate: '5/s' }],
    [{ BULKFETCH_RATE: '' }, {}],
    [
      { BULKFETCH_INSECURE: '1', BULKFETCH_REUSE: '0' },
      { insecure: true, reuse: false },
    ],
    [
      { BULKFETCH_INSECURE: 'TRUE', BULKFETCH_REUSE: 'false' },
      { insecure: true, reuse: false },
    ],
    [{ BULKFETCH_HEADER: 'A: 1, 2' }, { header: ['A: 1, 2'] }],
    [{ BULKFETCH_HEADER: 'A: 1\r\n\nB: 2\n' }, { header: ['A: 1', 'B: 2'] }],
    [{ BULKFETCH_CONFIG: 'x.json', RATE: '1', bulkfetch_rate: '1' }, {}],
  ])('%j', (env, values) => {
    expect(read(env)).toEqual({ values, hints: [] });
  });

  it('of a switch is on or off', () => {
    expect(() => read({ BULKFETCH_INSECURE: 'on' })).toThrow(
      'BULKFETCH_INSECURE: must be 1, 0, true or false, not "on"',
    );
  });
});

it('only what looks like a misspelling is told', () => {
  const kubernetes = {
    BULKFETCH_SERVICE_HOST: '10.0.0.1',
    BULKFETCH_SERVICE_PORT: '80',
    BULKFETCH_PORT: 'tcp://10.0.0.1:80',
    BULKFETCH_PORT_80_TCP: 'tcp://10.0.0.1:80',
    BULKFETCH_PORT_80_TCP_PROTO: 'tcp',
    BULKFETCH_PORT_80_TCP_ADDR: '10.0.0.1',
  };
  expect(read({ ...kubernetes, BULKFETCH_TIME_OUT: '5s', BULKFETCH_RETRYS: '5' })).toEqual({
    values: {},
    hints: [
      'BULKFETCH_TIME_OUT is no option (did you mean BULKFETCH_TIMEOUT?)',
      'BULKFETCH_RETRYS is no option (did you mean BULKFETCH_RETRY?)',
    ],
  });
});
