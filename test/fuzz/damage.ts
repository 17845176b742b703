import * as fc from 'fast-check';

/**
 * Texts that are nearly what they should be: a third of them whole, the others with one to four pieces
 * replaced, put in, taken out, or put in hundreds of times. `pieces` are what has a meaning there.
 */
export function damaged(valid: fc.Arbitrary<string>, pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...pieces) },
    { weight: 1, arbitrary: fc.constantFrom(...odd) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
  );
  const change = fc.record({
    at: fc.nat(400),
    drop: fc.oneof(fc.nat(3), fc.nat(40)),
    piece: fc.oneof(piece, fc.constant('')),
    times: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(2000) }),
  });
  return fc.oneof(
    valid,
    fc
      .tuple(valid, fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([text, changes]) => changes.reduce(splice, text)),
    fc.array(piece, { maxLength: 12 }).map((all) => all.join('')),
  );
}

interface Change {
  readonly at: number;
  readonly drop: number;
  readonly piece: string;
  readonly times: number;
}

function splice(text: string, { at, drop, piece, times }: Change): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + piece.repeat(times) + text.slice(from + drop);
}

/** What breaks readers of all kinds. */
const odd = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\t',
  '\x7f',
  '\x85',
  '\u2028',
  '\uFEFF',
  '\uD800',
  'é',
  '😀',
  '__proto__',
];

/** The text as bytes, in chunks cut at these places, which are taken modulo its length. */
export function chunksOf(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const places = cuts.map((place) => place % (bytes.length + 1)).toSorted((a, b) => a - b);
  return [0, ...places].map((from, at) => bytes.subarray(from, places[at] ?? bytes.length));
}

/** Where to cut. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.nat(500), { maxLength: 6 });
