import { Cookie } from 'tough-cookie';
import { describe, expect, it } from 'vitest';
import { formatCookies, parseCookies } from '../../../src/fetch/identity/cookie-file.ts';
import { UsageError } from '../../../src/model/errors.ts';

const future = 4_000_000_000;

describe('cookies in the Netscape format', () => {
  it.each([
    ['of a host', 'a.example\tFALSE\t/\tFALSE\t0\tname\tvalue'],
    ['of a domain', `.a.example\tTRUE\t/p\tTRUE\t${future}\tname\tvalue`],
    ['not for scripts', '#HttpOnly_a.example\tFALSE\t/\tFALSE\t0\tname\tvalue'],
    ['with an empty value', 'a.example\tFALSE\t/\tFALSE\t0\tname\t'],
    ['with quotes, = and ;-free text', 'a.example\tFALSE\t/\tFALSE\t0\tname\t"a=b" c'],
  ])('%s come back as they were', (_, line) => {
    expect(
      formatCookies(parseCookies(`# comment\n\n${line}\r\n`, 'jar'))
        .split('\n')
        .slice(3),
    ).toEqual([line, '']);
  });

  it('with a tab in them, which would make the file unreadable, are not written', () => {
    const cookies = ['a=1; Domain=a.example; Path=/\tx', 'b=2; Domain=a.example; Path=/x'].map((line) =>
      Cookie.parse(line),
    );
    const text = formatCookies(cookies.filter((cookie) => cookie !== undefined));
    expect(parseCookies(text, 'jar').map(({ key }) => key)).toEqual(['b']);
  });

  it('without a value need no last tab', () => {
    expect(parseCookies('a.example\tFALSE\t/\tFALSE\t0\tname', 'jar')[0]).toMatchObject({ value: '' });
  });

  it('that have ended are left out', () => {
    expect(parseCookies('a.example\tFALSE\t/\tFALSE\t1000\tname\tvalue', 'jar')).toEqual([]);
  });

  it.each([
    ['spaces', 'a.example FALSE / FALSE 0 name s3cret'],
    ['a domain that is none', '..example\tFALSE\t/\tFALSE\t0\tname\ts3cret'],
    ['a comment for a domain', '#HttpOnly_#a\tFALSE\t/\tFALSE\t0\tname\ts3cret'],
    ['no domain', '\tFALSE\t/\tFALSE\t0\tname\ts3cret'],
    ['no flag', 'a.example\tyes\t/\tFALSE\t0\tname\ts3cret'],
    ['no path', 'a.example\tTRUE\t\tFALSE\t0\tname\ts3cret'],
    ['no time', 'a.example\tTRUE\t/\tFALSE\tsoon\tname\ts3cret'],
    ['a control character', 'a.example\tTRUE\t/\tFALSE\t0\tname\ts3cret\u0001'],
    ['something else', '<html>'],
  ])('%s: refused by file and line, and not repeated', (_, line) => {
    expect(() => parseCookies(`# Netscape\n${line}\n`, 'jar')).toThrow(
      new UsageError(
        'jar:2: must be domain, TRUE or FALSE, path, TRUE or FALSE, seconds, name and value with tabs between',
      ),
    );
  });
});
