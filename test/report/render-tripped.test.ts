import { expect, it } from 'vitest';
import { renderTripped } from '../../src/report/render-tripped.ts';

it('has a line for each host, cut to the width', () => {
  const hosts = [
    { host: 'https://api.example.com', pauses: 6, isDown: true },
    { host: 'http://b.test', pauses: 1, isDown: false },
  ];
  expect(renderTripped(hosts, { width: 80 })).toEqual([
    'breaker',
    '  down    6 pauses  https://api.example.com',
    '  paused   1 pause  http://b.test',
  ]);
  expect(renderTripped(hosts, { width: 20 }).every((line) => line.length <= 20)).toBe(true);
});

it('has none without hosts', () => {
  expect(renderTripped([], { width: 80 })).toEqual([]);
});
