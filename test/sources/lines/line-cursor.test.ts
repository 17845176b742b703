import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineCursor } from '../../../src/sources/lines/line-cursor.ts';

const maxLineBytes = 64 * 1024;

interface Line {
  number: number;
  text: string;
  tooLong: boolean;
}

function walk(chunks: Iterable<Uint8Array>): Line[] {
  const lines = new LineCursor(maxLineBytes);
  const found: Line[] = [];
  const drain = () => {
    while (lines.next()) {
      found.push({ number: lines.number, text: lines.text(), tooLong: lines.tooLong });
    }
  };
  for (const chunk of chunks) {
    lines.feed(chunk);
    drain();
  }
  lines.finish();
  drain();
  return found;
}

const texts = (text: string) => walk([Buffer.from(text)]).map((line) => line.text);

describe('LineCursor', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\n\n  \n\t\r\n', []],
    ['# x\n  # y\na', ['a']],
    ['a#b\n', ['a#b']],
    [' \ta b\v\f \n', ['a b']],
    ['\uFEFFa\nb', ['a', 'b']],
    ['\uFEFF# x\na', ['a']],
    ['\uFEFF', []],
    ['a\n\uFEFFb', ['a', '\uFEFFb']],
    ['é\u00A0\n日本\n', ['é\u00A0', '日本']],
  ])('%j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  it('numbers lines as an editor does', () => {
    expect(walk([Buffer.from('# head\n\na\r\n\nb')]).map((line) => line.number)).toEqual([3, 5]);
  });

  it.each([
    ['as long as allowed', 'x'.repeat(maxLineBytes), false],
    ['one byte longer', 'x'.repeat(maxLineBytes + 1), true],
    ['of nothing but spaces', ' '.repeat(maxLineBytes + 1), true],
  ])('tells a line %s', (_, line, tooLong) => {
    expect(walk([Buffer.from(`a\n${line}\nb`)])).toEqual([
      { number: 1, text: 'a', tooLong: false },
      { number: 2, text: line.slice(0, maxLineBytes).trim(), tooLong },
      { number: 3, text: 'b', tooLong: false },
    ]);
  });

  it('skips a comment that is too long', () => {
    expect(texts(`#${'x'.repeat(2 * maxLineBytes)}\na`)).toEqual(['a']);
  });

  it('keeps a bounded part of an endless line', () => {
    const lines = new LineCursor(maxLineBytes);
    const before = heldBytes();
    for (let fed = 0; fed < 64; fed++) {
      lines.feed(Buffer.alloc(1 << 20, 'x'));
      expect(lines.next()).toBe(false);
    }
    expect(heldBytes() - before).toBeLessThan(8 << 20);
    lines.finish();
    expect(lines.next()).toBe(true);
    expect(lines.tooLong).toBe(true);
  });

  it('finds the same lines wherever chunks end', () => {
    const piece = fc.constantFrom('\n', '\r\n', '\r', ' ', '#', '\uFEFF', 'a', 'é', '日', '😀', 'http://h/');
    const document = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
    const cuts = fc.array(fc.nat(120), { maxLength: 12 });
    fc.assert(
      fc.property(document, cuts, (document, cuts) => {
        expect(walk(cutUp(document, cuts))).toEqual(walk([document]));
      }),
      { numRuns: 500 },
    );
  });

  it('finds the same lines wherever chunks end, also around the longest line', () => {
    const lead = fc.constantFrom('', ' ', '#', ' '.repeat(maxLineBytes - 1), ' '.repeat(maxLineBytes));
    const length = fc.integer({ min: maxLineBytes - 3, max: maxLineBytes + 3 });
    const end = fc.constantFrom('', '\n', '\r\n', '#\nb', '\nb\n');
    const cuts = fc.array(fc.integer({ min: maxLineBytes - 6, max: maxLineBytes + 6 }), { maxLength: 4 });
    fc.assert(
      fc.property(lead, length, end, cuts, (lead, length, end, cuts) => {
        const document = Buffer.from(lead.padEnd(length, 'x') + end);
        expect(walk(cutUp(document, cuts))).toEqual(walk([document]));
      }),
    );
  });
});

/** The bytes of all buffers that are still referred to. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  return process.memoryUsage().arrayBuffers;
}

function cutUp(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}
