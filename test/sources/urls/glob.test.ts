import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { parseGlob } from '../../../src/sources/urls/glob.ts';
import { parseTemplate } from '../../../src/sources/urls/template.ts';

function expand(url: string, globoff = false, id = 'ID'): string[] {
  const template = parseTemplate(url, globoff);
  return Array.from({ length: template.size }, (_, index) => template.at(index, id));
}

describe('a URL with globs', () => {
  it.each([
    ['http://h/', ['http://h/']],
    ['http://h/[1-3]', ['http://h/1', 'http://h/2', 'http://h/3']],
    ['http://h/[09-10].png', ['http://h/09.png', 'http://h/10.png']],
    ['http://h/[0-20:10]', ['http://h/0', 'http://h/10', 'http://h/20']],
    ['http://h/[a-e:2]', ['http://h/a', 'http://h/c', 'http://h/e']],
    ['http://h/{a,b}', ['http://h/a', 'http://h/b']],
    ['http://{a,b}.h/[1-2]', ['http://a.h/1', 'http://a.h/2', 'http://b.h/1', 'http://b.h/2']],
    ['http://h/{one}', ['http://h/one']],
    ['http://h/{,a}', ['http://h/', 'http://h/a']],
    [String.raw`http://h/\[1-2\]\{a,b\}`, ['http://h/[1-2]{a,b}']],
    [String.raw`http://h/{a\,b,c\}}`, ['http://h/a,b', 'http://h/c}']],
    [String.raw`http://h/a\b\\`, [String.raw`http://h/a\b\\`]],
    ['http://[::1]:80/[1-2]', ['http://[::1]:80/1', 'http://[::1]:80/2']],
    ['http://[2001:db8::7]/', ['http://[2001:db8::7]/']],
    ['http://h/{id}/{id}?n=[1-2]', ['http://h/ID/ID?n=1', 'http://h/ID/ID?n=2']],
    [String.raw`http://h/\{id\}`, ['http://h/{id}']],
  ])('%s', (url, expected) => {
    expect(expand(url)).toEqual(expected);
  });

  it.each([
    ['http://h/[1-2', 'unclosed bracket in URL at position 10:'],
    ['http://h/1-2]', 'unopened bracket in URL at position 13:'],
    ['http://h/{a,b', 'unclosed or nested brace in URL at position 10:'],
    ['http://h/{a,{b}}', 'unclosed or nested brace in URL at position 10:'],
    ['http://h/{a,[1-2]}', 'unclosed or nested brace in URL at position 10:'],
    [String.raw`http://h/{a\}`, 'unclosed or nested brace in URL at position 10:'],
    ['http://h/a}', 'unopened brace in URL at position 11:'],
    ['http://h/{}', 'empty braces in URL at position 10:'],
    ['http://h/[1-2]/[5-1]', 'bad range in URL at position 16:'],
    ['http://h/[]', 'bad range in URL at position 10:'],
    ['http://h/[1-2:0]', 'bad range in URL at position 10:'],
    ['http://h/[0-999999999][0-999999999]', 'more URLs than can be counted (2^53):'],
  ])('%s is refused', (url, message) => {
    expect(() => expand(url)).toThrow(UsageError);
    expect(() => expand(url)).toThrow(`${message} ${url}`);
  });

  it('names the accepted forms and the ways out', () => {
    expect(() => parseGlob('http://example.com/users/name=[1-')).toThrow(
      'unclosed bracket in URL at position 31: http://example.com/users/name=[1- ' +
        String.raw`(globs are [1-100], [001-100:10], [a-z] and {a,b}; write \[ for a bracket, or --globoff)`,
    );
  });

  it('gives any position by arithmetic', () => {
    const template = parseTemplate('http://h/[0-999999]/[0-999999]', false);
    expect(template.size).toBe(1e12);
    expect(template.at(123_456_789_012, '')).toBe('http://h/123456/789012');
  });

  it('enumerates what nested loops would, the last glob fastest', () => {
    const word = fc.stringMatching(/^[a-z.]{1,4}$/).filter((word) => word !== 'id');
    const pieces = fc.oneof(
      word.map((text) => ({ text, values: [text] })),
      fc
        .array(word, { minLength: 1, maxLength: 4 })
        .map((words) => ({ text: `{${words.join(',')}}`, values: words })),
      fc.tuple(fc.nat(20), fc.nat(5)).map(([from, more]) => ({
        text: `[${from}-${from + more}]`,
        values: Array.from({ length: more + 1 }, (_, step) => String(from + step)),
      })),
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 5 }), (pieces) => {
        const naive = pieces.reduce(
          (urls, { values }) => urls.flatMap((url) => values.map((value) => url + value)),
          ['http://h/'],
        );
        expect(expand(`http://h/${pieces.map(({ text }) => text).join('')}`)).toEqual(naive);
      }),
    );
  });

  it('is any text at all, escaped', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\\[\]{},a1-]{0,12}$/));
    fc.assert(
      fc.property(texts, (text) => {
        expect(expand(text.replaceAll(/[[\]{}]/g, String.raw`\$&`))).toEqual([text]);
      }),
    );
  });
});

describe('with globoff', () => {
  it.each([
    ['http://h/[1-3]{a,b}', ['http://h/[1-3]{a,b}']],
    ['http://h/[', ['http://h/[']],
    ['http://h/{id}?again={id}', ['http://h/ID?again=ID']],
  ])('%s', (url, expected) => {
    expect(expand(url, true)).toEqual(expected);
  });
});
