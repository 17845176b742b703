import * as fc from 'fast-check';
import { expect } from 'vitest';
import { formatCookies, parseCookies } from '../../src/fetch/identity/cookie-file.ts';
import { CookieJar } from '../../src/fetch/identity/cookie-jar.ts';
import { fieldValue } from '../../src/model/field.ts';
import { temporaryFiles } from '../sources/settings.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { orRejected } from './rejects.ts';

const write = temporaryFiles();
const url = 'http://a.example.com/p/q';
const pair = fc.constantFrom('a=b', 'a=', '=b', 'a', 'a="b c"', '__Host-a=b', '__Secure-a=1', 'a=b=c');
const attribute = fc.constantFrom(
  'Path=/',
  'Path=/p',
  'Path=',
  'Domain=example.com',
  'Domain=.a.example.com',
  'Domain=com',
  'Max-Age=100',
  'Max-Age=-1',
  'Expires=Wed, 21 Oct 2099 07:28:00 GMT',
  'Expires=x',
  'Secure',
  'HttpOnly',
  'SameSite=Lax',
);
const setCookie = damaged(
  fc.tuple(pair, fc.array(attribute, { maxLength: 4 })).map(([first, rest]) => [first, ...rest].join('; ')),
  ['=', ';', ',', ' ', '"', '\t', '/', '.', 'Path=', 'Domain=', 'Max-Age=', '#', '#HttpOnly_', '%', '\x80'],
).map((text) => text.replaceAll(/[^\t\u0020-\u007e\u0080-\u00ff]/g, '')); // what a head lets through

fuzz(
  'cookies that a server sets come back out of the file, and break no field',
  fc.array(setCookie, { minLength: 1, maxLength: 5 }),
  async (lines) => {
    const file = await write('jar', '');
    const jar = CookieJar.open([], file);
    jar.onHead(url, { 'set-cookie': lines });
    expect(jar.of(url) ?? '').toMatch(fieldValue);
    expect((jar.of(url) ?? '').length).toBeLessThanOrEqual(8190);
    await jar.close();
    const saved = cookiesIn(CookieJar.open([file], undefined));
    if (!lines.some((line) => line.includes('\t'))) {
      expect(saved).toEqual(cookiesIn(jar));
    }
  },
  5,
);

const line = fc
  .tuple(
    fc.constantFrom('a.example.com', '.example.com', '#HttpOnly_a.example.com', '# x'),
    fc.constantFrom('TRUE', 'FALSE'),
    fc.constantFrom('/', '/p'),
    fc.constantFrom('TRUE', 'FALSE'),
    fc.constantFrom('0', '-1', '4000000000', '99999999999999999999'),
    fc.constantFrom('a', ''),
    fc.constantFrom('s3cret', ''),
  )
  .map((fields) => fields.join('\t'));
const file = damaged(
  fc
    .array(fc.oneof(line, fc.constantFrom('', '# comment')), { maxLength: 5 })
    .map((lines) => lines.join('\n')),
  ['\t', '\n', '\r\n', '#', '#HttpOnly_', 'TRUE', '/', '0', '.', '-', '1e400'],
);

fuzz('a file of cookies is read, or refused by file and line', file, (text) => {
  const cookies = orRejected(() => parseCookies(text, 'jar'), /^jar:\d+: must be domain, (?!.*s3cret)/);
  if (cookies !== undefined) {
    const written = formatCookies(cookies);
    expect(formatCookies(parseCookies(written, 'jar'))).toBe(written);
  }
});

function cookiesIn(jar: CookieJar): (string | undefined)[] {
  return [url, 'https://a.example.com/p/q', 'http://b.example.com/', 'http://example.com/'].map((one) =>
    jar.of(one),
  );
}
