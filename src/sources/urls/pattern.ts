/** A sequence of texts by arithmetic: a million of them cost no more memory than one. */
export interface Pattern {
  readonly size: number;
  /** The text at a position from 0 to `size - 1`. */
  at(index: number): string;
}

/** The words given, in order. */
export function wordList(words: readonly string[]): Pattern {
  return { size: words.length, at: (index) => words[index]! };
}

/**
 * `1-1000`, `001-100` (padded to the width of the first number), `0-100:10` (with a step). Undefined
 * when it is no range, runs backwards, or steps beyond its end, as in curl.
 */
export function parseNumberRange(text: string): Pattern | undefined {
  const match = /^(\d+)-(\d+)(?::(\d+))?$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const first = match[1]!;
  const width = first.startsWith('0') ? first.length : 0;
  const from = Number(first);
  return steps(from, Number(match[2]), Number(match[3] ?? 1), (value) => String(value).padStart(width, '0'));
}

/** `a-z`, `A-F`, `a-z:2`: letters of one case. Undefined under the same conditions. */
export function parseLetterRange(text: string): Pattern | undefined {
  const match = /^(?:([a-z])-([a-z])|([A-Z])-([A-Z]))(?::(\d+))?$/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, a, b, A, B, step] = match;
  const [from, to] = [a ?? A!, b ?? B!];
  return steps(from.charCodeAt(0), to.charCodeAt(0), Number(step ?? 1), (code) => String.fromCharCode(code));
}

/** One pattern after another: `size` is the sum. */
export function concatenate(patterns: readonly Pattern[]): Pattern {
  const ends: number[] = [];
  let size = 0;
  for (const pattern of patterns) {
    size += pattern.size;
    ends.push(size);
  }
  return {
    size,
    at(index) {
      const which = firstAbove(ends, index);
      return patterns[which]!.at(index - (ends[which - 1] ?? 0));
    },
  };
}

function steps(
  from: number,
  to: number,
  step: number,
  textOf: (value: number) => string,
): Pattern | undefined {
  const span = to - from;
  if (span < 0 || step < 1 || step > Math.max(span, 1) || !Number.isSafeInteger(to)) {
    return undefined;
  }
  return { size: Math.floor(span / step) + 1, at: (index) => textOf(from + index * step) };
}

/** The position of the first of the ascending `numbers` that is above `value`, by bisection. */
function firstAbove(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! > value) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
