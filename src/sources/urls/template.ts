import { UsageError } from '../../model/errors.ts';
import { withoutUserInfo } from '../../model/url.ts';
import { idSlot, parseGlob, type Segment } from './glob.ts';

/** A URL argument: all the URLs it stands for, the last glob varying fastest, as in curl. */
export interface Template {
  /** How many URLs for one id. */
  readonly size: number;
  readonly hasId: boolean;
  /** The URL at a position from 0 to `size - 1`, with `id` (encoded already) wherever it says `{id}`. */
  at(index: number, id: string): string;
}

/** Reads a URL argument. With `globoff` only `{id}` means more than itself. Throws a `UsageError`. */
export function parseTemplate(url: string, globoff: boolean): Template {
  const segments = globoff ? splitAtId(url) : parseGlob(url);
  const size = segments.reduce((product, segment) => product * sizeOf(segment), 1);
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new UsageError(`more URLs than can be counted (2^53): ${withoutUserInfo(url)}`);
  }
  return { size, hasId: segments.includes(idSlot), at: (index, id) => join(segments, index, id) };
}

function splitAtId(url: string): Segment[] {
  return url.split('{id}').flatMap((text, index) => (index === 0 ? [text] : [idSlot, text]));
}

function sizeOf(segment: Segment): number {
  return typeof segment === 'object' ? segment.size : 1;
}

/** `index` is a number in mixed radix, each glob being one digit of it, the last the lowest. */
function join(segments: readonly Segment[], index: number, id: string): string {
  let url = '';
  let higher = index;
  for (const segment of segments.toReversed()) {
    if (typeof segment === 'string') {
      url = segment + url;
    } else if (segment === idSlot) {
      url = id + url;
    } else {
      url = segment.at(higher % segment.size) + url;
      higher = Math.floor(higher / segment.size);
    }
  }
  return url;
}
