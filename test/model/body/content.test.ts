import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toContent } from '../../../src/model/body/content.ts';

const json = (text: string) => ({ form: 'json', text });
const text = (text: string) => ({ form: 'text', text });
const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('toContent', () => {
  it.each([
    ['application/json', '{"a":1}', json('{"a":1}')],
    ['Application/JSON; charset=utf-8', '17', json('17')],
    ['text/json', '[]', json('[]')],
    ['application/problem+json', '{"é":"漢😀"}', json('{"é":"漢😀"}')],
    ['application/json', '\uFEFF{"a":1}', json('{"a":1}')],
    ['application/json', '{\r\n  "a" : "\\n" ,\n\n\t"b":[ 1,\n2 ]\n}\n', json('{"a" : "\\n" ,"b":[ 1,2 ]}')],
    ['application/json', '{"a":', text('{"a":')],
    ['application/json', '<html>', text('<html>')],
    ['application/jsonp', '1', undefined],
    ['text/plain', '{"a":1}', text('{"a":1}')],
    ['TEXT/HTML', '\uFEFF<p>é', text('<p>é')],
    ['image/svg+xml', '<svg/>', text('<svg/>')],
    ['application/xml', '<a/>', text('<a/>')],
    ['application/x-ndjson', '1\n2\n', text('1\n2\n')],
    ['application/javascript', 'x', text('x')],
    ['application/x-www-form-urlencoded', 'a=b', text('a=b')],
    ['application/yaml', 'a: 1', text('a: 1')],
    ['image/png', 'PNG', undefined],
    ['application/octet-stream', '{}', undefined],
    [undefined, '{"a":1}', json('{"a":1}')],
    [undefined, '\n [1]', json('[1]')],
    ['', 'plain', text('plain')],
    [undefined, '17', text('17')],
    [['text/plain', 'application/json'], '{}', text('{}')],
  ])('auto, %j: %j', (type, body, expected) => {
    const bytes = Buffer.from(body);
    expect(toContent(bytes, type, 'auto')).toEqual(expected ?? { form: 'base64', bytes });
  });

  it.each([
    ['text/plain', latin1('caf\u00e9 \u0080'), 'café €'],
    ['text/plain; charset=ISO-8859-1', latin1('caf\u00e9'), 'café'],
    ['text/plain;charset="windows-1251"', Buffer.of(0xcf, 0xf0), 'Пр'],
    ['text/plain; format=flowed; Charset=UTF-16LE', Buffer.from('é漢', 'utf16le'), 'é漢'],
    ['text/plain; charset=shift_jis', Buffer.of(0x8a, 0xbf), '漢'],
    ['text/plain; charset=nonsense', Buffer.from('é'), 'é'],
    ['text/plain; charset=', Buffer.from('é'), 'é'],
    ['text/plain; charset=utf-8', latin1('\u00e9'), '\uFFFD'],
    ['application/json; charset=latin1', latin1('"\u00e9"'), '"é"'],
  ])('decodes text, %s', (type, bytes, expected) => {
    expect(toContent(bytes, type, 'auto')).toEqual(text(expected));
    expect(toContent(bytes, type, 'text')).toEqual(text(expected));
  });

  it('without a type takes what is not UTF-8 for bytes', () => {
    expect(toContent(Buffer.of(0xff, 0xd8), undefined, 'auto')).toEqual({
      form: 'base64',
      bytes: Buffer.of(0xff, 0xd8),
    });
  });

  it.each([
    ['text', '{"a":1}', text('{"a":1}')],
    ['json', '{"a":1}', json('{"a":1}')],
    ['json', 'no', text('no')],
    ['base64', '{}', { form: 'base64', bytes: Buffer.from('{}') }],
    ['none', '{}', undefined],
  ] as const)('mode %s, %j', (mode, body, expected) => {
    expect(toContent(Buffer.from(body), 'application/json', mode)).toEqual(expected);
    expect(toContent(Buffer.from(body), 'image/png', mode)).toEqual(expected);
  });

  it.each(['auto', 'text', 'json', 'base64'] as const)(
    'keeps nothing of the memory it reads, mode %s',
    (mode) => {
      for (const type of ['application/json', 'text/plain', 'image/png']) {
        const bytes = Buffer.from('{"a":1}');
        const content = toContent(bytes, type, mode);
        const before = structuredClone(content);
        bytes.fill(0);
        expect(structuredClone(content)).toEqual(before);
      }
    },
  );

  it('gives JSON on one line with the value it had', () => {
    const indented = fc.tuple(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(' ', '\t', '   '));
    fc.assert(
      fc.property(indented, fc.boolean(), ([value, indent], isWindows) => {
        const written = JSON.stringify(value, null, indent).replaceAll('\n', isWindows ? '\r\n' : '\n');
        const content = toContent(Buffer.from(written), 'application/json', 'auto');
        expect(content?.form).toBe('json');
        const text = content?.form === 'json' ? content.text : '';
        expect(text).not.toMatch(/[\r\n]/);
        expect(JSON.parse(text)).toEqual(JSON.parse(written));
      }),
    );
  });

  it('takes any bytes of any type', () => {
    const type = fc.oneof(
      fc.constantFrom('application/json', 'text/html; charset=utf-7', undefined),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.uint8Array(), type, (bytes, type) => {
        expect(['json', 'text', 'base64']).toContain(toContent(Buffer.from(bytes), type, 'auto')?.form);
      }),
    );
  });
});
