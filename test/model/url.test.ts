import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFailure, parseTarget, pathOf } from '../../src/model/url.ts';

interface Parts {
  readonly url: string;
  readonly origin: string;
  readonly path: string;
}

/** What the WHATWG parser makes of it: undefined when it is no http(s) URL. */
function reference(text: string): Parts | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return undefined;
  }
  url.hash = '';
  url.username = '';
  url.password = '';
  // Fetch sends the question mark of an empty query; `search` does not show it.
  const query = url.search === '' && url.href.endsWith('?') ? '?' : url.search;
  return { url: url.href, origin: url.origin, path: url.pathname + query };
}

function parsed(text: string): Parts | undefined {
  const target = parseTarget(text);
  if (isFailure(target)) {
    return undefined;
  }
  const { url, origin } = target;
  return { url, origin, path: pathOf(target) };
}

describe('parseTarget agrees with the URL standard', () => {
  it.each([
    'http://localhost/',
    'http://127.0.0.1:8080/users/17?full=1',
    'http://a.example:80/',
    'http://a.example:080/',
    'http://a.example:0/',
    'http://a.example:/',
    'http://a.example:65535/',
    'http://a.example:65536/',
    'http://a.example:99999/',
    'https://a.example:443/',
    'http://a.example',
    'http://a.example?q',
    'http://a.example/?',
    'HTTP://A.example/?',
    'http://a.example/#',
    'http://a.example/#f?x',
    'http://1.2.3/',
    'http://1.2.3.4./',
    'http://01.2.3.4/',
    'http://256.1.1.1/',
    'http://1.2.3.256/',
    'http://0x7f.1/',
    'http://0x7f/',
    'http://a.0x7f/',
    'http://a.1/',
    'http://1.a/',
    'http://a./',
    'http://a../',
    'http://a..b/',
    'http://-a.b/',
    'http://a-.b-/',
    'http://a_b/',
    'http://xn--/',
    'http://xn--a/',
    'http://xn--bcher-kva.example/',
    'http://bücher.example/',
    'http://ab--c.example/',
    'http://A.Example/',
    'http://a%41.example/',
    'http://[::1]:8080/',
    'http://user:pass@a.example/',
    'http://a:80@b/',
    'http://a/../b',
    'http://a/b/..',
    'http://a/b/.',
    'http://a/%2e%2E/b',
    'http://a/b/%2e',
    'http://a/b/.%2e',
    'http://a/..a',
    'http://a/a..',
    'http://a/b?/../c',
    String.raw`http://a/b\c`,
    String.raw`http:\\a\b`,
    "http://a/'?'",
    'http://a/"?"',
    'http://a/|?|',
    'http://a/^?^',
    'http://a/`?`',
    'http://a/{}?{}',
    'http://a/<>?<>',
    'http://a/é?é',
    'http://a/ b',
    'http://a/b\tc',
    'http://a/\n',
    ' http://a/ ',
    'http://a/%',
    'http://a/%zz',
    'http:a/b',
    'http:///a',
    'http://',
    'ftp://a/',
    'localhost:80/x',
    'nonsense',
    '',
    `http://${'a'.repeat(300)}.example/`,
  ])('%j', (text) => {
    expect(parsed(text)).toEqual(reference(text));
  });

  const part = (...values: string[]) => fc.constantFrom(...values);
  const label = fc.oneof(
    fc.stringMatching(/^[a-z0-9-]{1,4}$/),
    part(
      '1',
      '0',
      '255',
      '256',
      '01',
      '0x7f',
      '0x',
      'xn--',
      'xn--a',
      'a',
      'A',
      'a-',
      '-a',
      '_',
      'é',
      '%61',
      '',
    ),
  );
  const host = fc
    .tuple(fc.array(label, { minLength: 1, maxLength: 5 }), part('', '', '.'))
    .map(([labels, dot]) => labels.join('.') + dot);
  const port = part(
    '',
    '',
    ':',
    ':80',
    ':080',
    ':443',
    ':8080',
    ':0',
    ':59999',
    ':65535',
    ':65536',
    ':99999',
    ':1a',
  );
  const atom = fc.oneof(
    {
      weight: 3,
      arbitrary: part('a', 'b1', '~', '-', '_', '/', '.', '..', '/..', '/.', '%2e', '%2E', '%41', '%'),
    },
    part("'", '"', '|', '^', '`', '\\', '?', '#', '&', '=', '@', ':', ';', ',', '+', '$', '!', '*', '(', ')'),
    part('{', '}', '[', ']', '<', '>', ' ', '\t', '\n', '\0', '\u007F', 'é', '😀', '\uD800'),
  );
  const tail = fc.oneof(
    part('', '/'),
    fc.array(atom, { maxLength: 8 }).map((atoms) => `/${atoms.join('')}`),
  );
  const scheme = fc.oneof(
    { weight: 8, arbitrary: part('http://') },
    part('https://', 'HTTP://', 'http:/', 'ftp://'),
  );
  const user = part('', '', '', '', 'u@', 'u:p@', '@', ':@');

  it('for what is like a URL', () => {
    fc.assert(
      fc.property(scheme, user, host, port, tail, (...pieces) => {
        const text = pieces.join('');
        expect(parsed(text)).toEqual(reference(text));
      }),
      { numRuns: 5000 },
    );
  });

  it('for what has any character after a plain beginning', () => {
    fc.assert(
      fc.property(
        part('http://a', 'http://a/', 'http://a/b?'),
        fc.string({ unit: 'binary' }),
        (start, rest) => {
          expect(parsed(start + rest)).toEqual(reference(start + rest));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parsed(text)).toEqual(reference(text));
      }),
    );
  });
});

describe('parseTarget', () => {
  it('takes origin and path apart without a gap', () => {
    expect(parsed('http://127.0.0.1:8080/users/17?full=1')).toEqual({
      url: 'http://127.0.0.1:8080/users/17?full=1',
      origin: 'http://127.0.0.1:8080',
      path: '/users/17?full=1',
    });
  });

  it.each([
    ['http://u:p@a/', 'u:p'],
    ['http://u@a/', 'u:'],
    ['http://:p@a/', ':p'],
    ['http://a%40b:%C3%A9@a/', 'a@b:é'],
    ['http://100%:p@a/', '100%:p'],
  ])('turns the user information of %s into a header', (text, credentials) => {
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(parseTarget(text)).toEqual({ url: 'http://a/', origin: 'http://a', authorization });
  });

  it.each([
    ['nonsense', 'INVALID_URL', 'not a URL: "nonsense"'],
    ['http://a:99999/', 'INVALID_URL', 'not a URL: "http://a:99999/"'],
    ['ftp://a/', 'UNSUPPORTED_SCHEME', 'neither http nor https: "ftp://a/"'],
    ['\u0007', 'INVALID_URL', String.raw`not a URL: "\u0007"`],
    ['x'.repeat(300), 'INVALID_URL', `not a URL: "${'x'.repeat(200)}…"`],
  ])('says why %j cannot be fetched', (text, code, message) => {
    expect(parseTarget(text)).toEqual({ kind: 'input', code, message });
  });
});
