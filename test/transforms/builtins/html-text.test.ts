import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultOf } from './through.ts';

const html = { contentType: 'text/html; charset=utf-8' };
const textOf = (page: string) => resultOf(['html:text'], page, html);

describe('html:text', () => {
  it.each([
    [
      'blocks',
      '<h1>One</h1><p>two<p>three<div>four<div>five</div>six</div>',
      'One\ntwo\nthree\nfour\nfive\nsix',
    ],
    ['what stands within a line', 'a<b>b</b> <i> c </i>d <a href=x>e</a>.', 'ab c d e.'],
    ['line breaks', 'a<br>b<br/><br>c<hr>d</br>e', 'a\nb\nc\nd\ne'],
    ['white space', '  a \n\t b&nbsp;&nbsp;c<p> \n </p>\n<p> d </p>', 'a b c\nd'],
    [
      'references to characters',
      'a&lt;b&gt; &amp;amp; &#8364; &copy &notanentity;',
      'a<b> &amp; € © ¬anentity;',
    ],
    ['a table', '<table><tr><th>a<th>b<tr><td>1</td>\n<td> 2 </td></tr></table>c', 'a\tb\n1\t2\nc'],
    ['a list', '<ul>\n<li>a\n<li>b <ul><li>c</ul></ul>', 'a\nb\nc'],
    ['preformatted text', '<p>a<pre>\n  b\n\n    <b>c</b>\n  d\n</pre> e  f', 'a\n  b\n\n    c\n  d\ne f'],
    ['a form', '<textarea>\n a\n  b</textarea><select><option>c<option>d</select>', 'a\n  b\nc\nd'],
    ['no tags', 'just text', 'just text'],
    ['nothing', '', ''],
    ['nothing to read', '<p> <br> </p>', ''],
  ])('%s', async (_, page, text) => {
    expect(await textOf(page)).toBe(text);
  });

  it.each([
    '<script>x("<p>")</script>',
    '<style>x { }</style>',
    '<template><p>x</template>',
    '<noscript>x <p>x</p></noscript>',
    '<iframe><p>x</iframe>',
    '<title>x</title>',
    '<svg><title>x</title></svg>',
    '<p hidden>x <b>x</b></p>',
    '<dialog>x</dialog>',
    '<video>x</video>',
    '<!-- x -->',
    '<div hidden><div>x</div>x</div>',
    '<p hidden>x<script>x</script>x</p>',
    '<template><template>x</template>x</template>',
  ])('not what nobody reads: %s', async (part) => {
    expect(await textOf(`<p>a ${part}b`)).toMatch(/^a\s?b$/);
  });

  it('what is open is read', async () => {
    expect(await textOf('<dialog open>a</dialog><svg><text>b</text></svg>')).toBe('a\nb');
  });

  it('is all of the words, whatever the tags', async () => {
    const tags = [
      '<p>',
      '</p>',
      '<div>',
      '</div>',
      '<td>',
      '<pre>',
      '</pre>',
      '<b>',
      '</b>',
      '<br>',
      '<!-- y -->',
    ];
    const piece = fc.oneof(
      fc.constantFrom('ab', 'c', ' ', '\n', '&amp;', '&nbsp;'),
      fc.constantFrom(...tags),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const read = String(await textOf(pieces.join('')));
        const words = pieces.filter((one) => !one.startsWith('<')).join('');
        const expected = words.replaceAll('&amp;', '&').replaceAll('&nbsp;', '').replaceAll(/\s/g, '');
        expect(read.replaceAll(/\s/g, '')).toBe(expected);
        expect(read.trim()).toBe(read);
      }),
    );
  });

  it('space that goes on and on takes no time that grows with its square', async () => {
    const space = ' '.repeat(2_000_000);
    expect(await textOf(`a${space}b${space}<p>${space}c`)).toBe('a b\nc');
  });
});
