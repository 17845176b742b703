import { UsageError } from '../../model/errors.ts';
import { concatenate, parseNumberRange, wordList, type Pattern } from './pattern.ts';

/**
 * Reads `--ids`: ranges (`1-1000`, `001-100` zero padded, `1-100:5` with a step) and words (`alice`),
 * separated by commas, in the order given. Digits-dash-digits is always a range. Throws a `UsageError`.
 */
export function parseIds(text: string): Pattern {
  const ids = concatenate(text.split(',').map((item) => parseItem(item.trim())));
  if (ids.size > Number.MAX_SAFE_INTEGER) {
    throw new UsageError('--ids: more than can be counted (2^53)');
  }
  return ids;
}

/** Whatever looks like a range must be one: `1-` is a slip and not a word. */
const rangeLike = /^\d*-\d*(?::|$)/;

function parseItem(item: string): Pattern {
  const pattern = rangeLike.test(item) ? parseNumberRange(item) : wordList([item]);
  if (pattern === undefined || item === '') {
    throw new UsageError(
      `--ids must be ranges and words such as 1-1000, 001-100:5 or alice, separated by commas, not ${JSON.stringify(item)}`,
    );
  }
  return pattern;
}
