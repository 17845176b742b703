import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseNetrc } from '../../src/fetch/identity/netrc.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { orRejected } from './rejects.ts';

const words = fc.constantFrom(
  'machine h',
  'machine "a b"',
  'default',
  'login u',
  'password s3cret',
  String.raw`password "s3cret \"x\\"`,
  'account a',
  '# comment',
  'macdef init\nls\n\n',
);
const text = damaged(
  fc
    .array(fc.tuple(words, fc.constantFrom(' ', '\n', '\t', '\r\n')), { maxLength: 10 })
    .map((all) => `machine h ${all.flat().join('')}`),
  ['"', '\\', '#', ' ', '\n', 'machine', 'login', 'password', 'default', 'macdef'],
);

fuzz('a netrc file is read, or refused by file and line and without what stands there', text, (text) => {
  const netrc = orRejected(() => parseNetrc(text, 'netrc'), /^netrc:\d+: (?!.*s3cret)/);
  if (netrc !== undefined) {
    for (const host of ['h', 'H', 'a b', 'other', '__proto__']) {
      const { name, password } = netrc.of(host) ?? { name: '', password: '' };
      expect([typeof name, typeof password]).toEqual(['string', 'string']);
    }
  }
});

const login = fc.record({ host: fc.constantFrom('a', 'b', 'c.d'), name: fc.string(), password: fc.string() });

fuzz('what was written in quotes is read', fc.array(login, { minLength: 1, maxLength: 4 }), (logins) => {
  const text = logins
    .map(({ host, name, password }) => `machine ${host} login ${quoted(name)}\npassword ${quoted(password)}`)
    .join('\n');
  for (const { host } of logins) {
    const { name, password } = logins.find((one) => one.host === host)!; // the first entry counts
    expect(parseNetrc(text, 'netrc').of(host)).toEqual({ name, password });
  }
});

function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}
