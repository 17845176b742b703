import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { refusal, resultOf } from './through.ts';

const html = { contentType: 'text/html' };

function pageOf(name: string): Buffer {
  return readFileSync(path.join(import.meta.dirname, 'pages', `${name}.page`));
}

describe('pages as they are', () => {
  it('of rustdoc', async () => {
    expect(await resultOf(['html:title,links,meta,text'], pageOf('rustdoc'), html)).toEqual({
      title: 'is_mips_feature_detected in std_detect - Rust',
      links: [
        'https://example.com/shop/page#main-content',
        'https://example.com/shop/page#',
        'https://example.com/std_detect/index.html',
        'https://example.com/shop/index.html',
        'https://example.com/src/std_detect/detect/arch/mips.rs.html#3-15',
      ],
      meta: {
        viewport: 'width=device-width, initial-scale=1.0',
        generator: 'rustdoc',
        description: 'Check for the presence of a CPU feature at runtime.',
      },
      text: `Skip to main content
is_mips_feature_detected
std_detect1.95.0
(59807616e 2026-04-14)
std_detect
Macro is_mips_feature_detected
Copy item path
Source
macro_rules! is_mips_feature_detected {
    ("msa") => { ... };
    ($t:tt,) => { ... };
    ($t:tt) => { ... };
}
🔬This is a nightly-only experimental API. (stdarch_mips_feature_detection)
Available on MIPS only.
Expand description
Check for the presence of a CPU feature at runtime.
When the feature is known to be enabled at compile time (e.g. via -Ctarget-feature) the macro expands to true.`,
    });
  });

  it('of makeinfo', async () => {
    expect(await resultOf(['html:title,links'], pageOf('libffi'), html)).toEqual({
      title: 'Simple Example (libffi: the portable foreign function interface library)',
      links: ['Types', 'The-Basics', 'Using-libffi', 'Index'].map(
        (name) => `https://example.com/shop/${name}.html`,
      ),
    });
    const text = await resultOf(['html:text'], pageOf('libffi'), html);
    expect(text).toMatch(
      /^Next: Types, Previous: The Basics, Up: Using libffi \[Index\]\n2\.2 Simple Example\n/,
    );
    expect(text).toMatch(/\n {2}args\[0\] = &ffi_type_pointer;\n {2}values\[0\] = &s;\n\n {2}\/\*/);
  });

  it('of a game of 2003, in Latin-1 as its meta says, with no title and hardly a tag closed', async () => {
    const found = await resultOf(['html:title,links,text'], pageOf('game'), html);
    expect(found).toMatchObject({ title: null, links: [] });
    expect((found as { text: string }).text.split('\n').slice(5, 9)).toEqual([
      'Metal\tCristal\tDeuterio\tEnergía',
      '160.636\t3.406\t39.230\t-80/3.965',
      'Flotas (max. 9)',
      'Num.\tMisión\tCantidad\tComienzo\tSalida\tObjetivo\tLlegada\tOrden',
    ]);
  });
});

describe('html:title', () => {
  it.each([
    ['<TITLE> A \n B </TITLE>', 'A B'],
    ['<title>a &amp; b <b>c</title>', 'a & b <b>c'],
    ['<title></title>', ''],
    ['<title>a</title><title>b</title>', 'a'],
    ['<svg><title>icon</title></svg><title>a</title>', 'a'],
    ['<svg><title>icon</title></svg>', null],
    ['<script>"<title>a</title>"</script><!--<title>b</title>-->', null],
    ['<title>a', 'a'],
    ['', null],
  ])('%s', async (page, title) => {
    expect(await resultOf(['html:title'], page, html)).toBe(title);
  });
});

describe('html:links', () => {
  const links = (page: string, more = {}) => resultOf(['html:links'], page, { ...html, more });

  it('absolute, each once, in their order; http and https only', async () => {
    const page = `<a href="/b">1</a> <a href=" c?x=1&amp;y=2 ">2</a> <A HREF='//other.example/'>3</A> <a name=x>
      <map><area href="HTTP://EXAMPLE.COM:80/d"></map> <a href="/b">4</a> <a href="mailto:a@b.c">5</a>
      <a href="javascript:void 0"> <a href="ftp://a/"> <a href="http://[bad"> <a href=""> <link href=/style.css>`;
    expect(await links(page)).toEqual([
      'https://example.com/b',
      'https://example.com/shop/c?x=1&y=2',
      'https://other.example/',
      'http://example.com/d',
      'https://example.com/shop/page',
    ]);
  });

  it('against the first base, also before it, and that against where a redirect led', async () => {
    const more = { finalUrl: 'https://moved.example/a/b' };
    expect(await links('<a href=c>', { finalUrl: 'https://moved.example/a/b' })).toEqual([
      'https://moved.example/a/c',
    ]);
    expect(await links('<a href=c><base target=x><base href="/d/"><base href=/e/><a href=f>', more)).toEqual([
      'https://moved.example/d/c',
      'https://moved.example/d/f',
    ]);
    expect(await links('<base href="http://[bad"><a href=c>')).toEqual(['https://example.com/shop/c']);
  });

  it('not those that a browser does not show', async () => {
    expect(
      await links('<template><a href=a></a></template><noscript><a href=b></a></noscript><a href=c>'),
    ).toEqual(['https://example.com/shop/c']);
  });
});

describe('html:meta', () => {
  it('by name, property and http-equiv; a list of what is repeated', async () => {
    const page = `<meta charset=utf-8><META NAME=Description CONTENT="a &amp; b"><meta property=og:image content=1>
      <meta property=og:image content=2><meta http-equiv=Refresh content="5; url=/x"><meta name=empty content="">
      <meta name=none><meta content=nameless><meta name=title property=og:title content=both><meta name=twice property=Twice content=once>
      <meta name=__proto__ content=x>`;
    const meta = await resultOf(['html:meta'], page, html);
    expect(JSON.parse(JSON.stringify(meta))).toEqual(
      JSON.parse(`{"description":"a & b","og:image":["1","2"],"refresh":"5; url=/x","empty":"",
        "title":"both","og:title":"both","twice":"once","__proto__":"x"}`),
    );
  });

  it('none', async () => {
    expect(await resultOf(['html:meta'], '<p>', html)).toEqual({});
  });
});

describe('the charset', () => {
  const é = Buffer.from([0xe9]);
  const title = (before: string, bytes: Uint8Array, contentType?: string) =>
    resultOf(['html:title'], Buffer.concat([Buffer.from(`${before}<title>`, 'latin1'), bytes]), {
      ...(contentType !== undefined && { contentType }),
    });

  it.each<[string, string, Uint8Array, string | undefined, string]>([
    ['of the type', '', é, 'text/html; charset=iso-8859-7', 'ι'],
    ['of the type, not of meta', '<meta charset=iso-8859-7>', é, 'text/html; charset=latin1', 'é'],
    ['of meta', '<meta charset="ISO-8859-7">', é, 'text/html', 'ι'],
    ['of meta, the old way', '<META content="text/html; charset=iso-8859-7">', é, undefined, 'ι'],
    ['of an XML declaration', '<?xml version="1.0" encoding="iso-8859-7"?>', é, 'application/xhtml+xml', 'ι'],
    ['of meta, not in a comment', '<!-- <meta charset=iso-8859-7> -->', é, 'text/html', 'é'],
    [
      'of meta, when nobody knows that of the type',
      '<meta charset=iso-8859-7>',
      é,
      'text/html; charset=x',
      'ι',
    ],
    ['none, UTF-8', '', Buffer.from('é'), 'text/html', 'é'],
    ['none, not UTF-8', '', Uint8Array.of(0x80), 'text/html', '€'],
    ['one that nobody knows', '<meta charset=klingon>', é, 'text/html', 'é'],
    ['UTF-16, which cannot be', '<meta charset=utf-16>', Buffer.from('é'), 'text/html', 'é'],
    ['of a mark, before all', '\xef\xbb\xbf', Buffer.from('é'), 'text/html; charset=latin1', 'é'],
    ['Shift_JIS', '<meta charset=shift_jis>', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'text/html', '日本'],
  ])('%s', async (_, before, bytes, contentType, expected) => {
    expect(await title(before, bytes, contentType)).toBe(expected);
  });

  it('UTF-16 by its mark', async () => {
    const page = Buffer.from('\ufeff<title>日本</title>', 'utf16le');
    expect(await resultOf(['html:title'], page, html)).toBe('日本');
    expect(await resultOf(['html:title'], page.swap16(), html)).toBe('日本');
  });
});

describe('other types', () => {
  it('XHTML, where an empty element closes itself', async () => {
    const page = '<html><head><script src="x"/><title>a</title></head><p><![CDATA[<b>]]></p></html>';
    const xhtml = { contentType: 'application/xhtml+xml; charset=utf-8' };
    expect(await resultOf(['html:title,text'], page, xhtml)).toEqual({ title: 'a', text: '<b>' });
    expect(await resultOf(['html:title'], page, html)).toBeNull();
  });

  it.each(['application/json', 'image/png', 'application/octet-stream'])(
    '%s is no HTML',
    async (contentType) => {
      await expect(resultOf(['html:title'], '<title>a', { contentType })).rejects.toThrow(
        `TRANSFORM_FAILED: html:title: the body is no HTML: its Content-Type is ${contentType}`,
      );
    },
  );

  it('what has no type, and other text, may be a page', async () => {
    expect(await resultOf(['html:title'], '<title>a')).toBe('a');
    expect(await resultOf(['html:title'], '<title>a', { contentType: 'text/plain' })).toBe('a');
  });
});

describe('arguments', () => {
  const there = 'there are title, links, text, meta, several with commas as in html:title,links';
  it.each([
    ['html', 'must say what to find: title, links, text, meta'],
    ['html:', 'must say what to find: title, links, text, meta'],
    ['html:titel', 'cannot find "titel" (did you mean title?)'],
    ['html:title|links', `cannot find "title|links": ${there}`],
    ['html:title,', `cannot find "": ${there}`],
    ['html:links,text,links', 'links is there twice'],
  ])('%s', async (spec, problem) => {
    expect(await refusal(spec)).toBe(`--transform: ${spec}: ${problem}`);
  });
});
