import type { Screen } from '../report/render.ts';

/**
 * What a stream can show: colours on a terminal unless NO_COLOR is set (no-color.org). A terminal that
 * does not know its size says 0 and gets 80 columns; in a file or a log no line has to be cut.
 */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const { NO_COLOR, TERM } = process.env;
  return {
    width: stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY,
    color: stream.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb',
  };
}
