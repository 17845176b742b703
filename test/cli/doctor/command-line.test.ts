import { expect, it } from 'vitest';
import { commandLine } from '../../../src/cli/doctor/command-line.ts';

const url = 'https://api.example.com/users/1';

it.each([
  [{}, [], `bulkfetch '${url}'`],
  [{ header: ['Accept: text/html'] }, [], `bulkfetch '${url}' -H 'Accept: text/html'`],
  [{ header: ["X: it's", 'Y: 2'] }, [], String.raw`bulkfetch '${url}' -H 'X: it'\''s' -H 'Y: 2'`],
  [{ insecure: true, reuse: false }, [], `bulkfetch '${url}' --no-reuse --insecure`],
  [{ insecure: false }, [], `bulkfetch '${url}' --no-insecure`],
  [{ timeout: '5s' }, ['--timeout 40s', '-c 3'], `bulkfetch '${url}' --timeout 40s -c 3`],
  [{ user: 'me:secret' }, ['--http2'], `bulkfetch '${url}' -u 'me:***' --http2`],
  [{ bearer: '${TOKEN}' }, [], `bulkfetch '${url}' --bearer '\${TOKEN}'`],
])('%j and %j', (values, flags, line) => {
  const advice = flags.map((flag) => ({ flag, reason: '' }));
  const made = commandLine(url, values, () => true, advice);
  expect(made).toEqual({ line, hasMasked: line.includes('***') });
});

it('leaves out what a configuration says anyway, and what the user has to decide', () => {
  const advice = [{ flag: '--respect-robots', reason: '', isLeftOut: true as const }];
  const isGiven = (key: string) => key !== 'timeout';
  expect(commandLine(url, { timeout: '5s', http2: true }, isGiven, advice).line).toBe(
    `bulkfetch '${url}' --http2`,
  );
});

it.each([
  ['http://a.example/[1-3]', true],
  ['http://a.example/?q={a,b}', true],
  ['http://a.example/x]', true],
  ['http://[::1]:8080/x', false],
  ['http://a.example/%5B1-3%5D', false],
])('%s needs -g: %s', (one, needsIt) => {
  const { line } = commandLine(one, {}, () => true, [{ flag: '-c 1', reason: '' }]);
  expect(line).toBe(`bulkfetch '${one}'${needsIt ? ' -g' : ''} -c 1`);
});
