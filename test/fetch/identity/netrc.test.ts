import { describe, expect, it } from 'vitest';
import { parseNetrc } from '../../../src/fetch/identity/netrc.ts';
import { UsageError } from '../../../src/model/errors.ts';

const login = (name: string, password: string) => ({ name, password });

describe('parseNetrc', () => {
  it.each([
    ['one line', 'machine a.example login me password pw', login('me', 'pw')],
    ['many lines', 'machine\n a.example\r\n\tlogin me\n\npassword\npw\n', login('me', 'pw')],
    ['any order', 'machine a.example password pw account x login me', login('me', 'pw')],
    ['any case of the host', 'machine A.Example login me password pw', login('me', 'pw')],
    ['no login', 'machine a.example password pw', login('', 'pw')],
    ['no password', 'machine a.example login me', login('me', '')],
    ['neither', 'machine a.example', undefined],
    ['another host', 'machine b.example login me password pw', undefined],
    ['default', 'machine b.example login b password b\ndefault login me password pw', login('me', 'pw')],
    ['first', 'machine a.example login me\nmachine a.example login other', login('me', '')],
    ['quotes', String.raw`machine a.example login "m e" password "p\"\\\tw\x"`, login('m e', 'p"\\\twx')],
    ['an empty word', 'machine a.example login "" password pw', login('', 'pw')],
    ['a # inside', 'machine a.example login me#1 password #pw', login('me#1', '#pw')],
    ['comments', '# login x\nmachine a.example\n # password x\nlogin me', login('me', '')],
    [
      'macros',
      'machine b.example login b\nmacdef init\n  machine a.example\n  cd /\n\nmachine a.example login me',
      login('me', ''),
    ],
    ['nothing', '', undefined],
  ])('%s', (_, text, expected) => {
    expect(parseNetrc(text, '.netrc').of('a.example')).toEqual(expected);
  });

  it.each([
    ['login me', "net:1: must begin with 'machine HOST' or 'default'"],
    ['\nmachine a.example\nlogin me password', 'net:3: password without a value'],
    ['machine', 'net:1: machine without a value'],
    ['machine a.example\nlogin "s3cret', 'net:2: a quote that does not end'],
    [
      'machine a.example login me pasword s3cret',
      'net:1: expected machine, default, login, password, account or macdef',
    ],
  ])('%j is refused, and not repeated', (text, message) => {
    expect(() => parseNetrc(text, 'net')).toThrow(new UsageError(message));
  });
});
