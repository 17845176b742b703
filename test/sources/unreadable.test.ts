import { expect, it } from 'vitest';
import { UsageError } from '../../src/model/errors.ts';
import { unreadable } from '../../src/sources/unreadable.ts';

it.each([
  ['ENOENT', 'no such file'],
  ['ENOTDIR', 'no such file'],
  ['EACCES', 'permission denied'],
  ['EISDIR', 'is a directory'],
  ['EWEIRD', 'EWEIRD: as the system says'],
])('names the file and the reason: %s', (code, reason) => {
  const cause = Object.assign(new Error(`${code}: as the system says`), { code, syscall: 'open' });
  const error = unreadable('urls.txt', cause);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toBe(`urls.txt: ${reason}`);
  expect(error.cause).toBe(cause);
});

it('leaves a bug a bug', () => {
  const bug = new TypeError('x is not a function');
  expect(unreadable('urls.txt', bug)).toBe(bug);
});

it('names where something that is no error was thrown', () => {
  expect(unreadable('standard input', 'boom')).toEqual(new Error('standard input: boom'));
});
