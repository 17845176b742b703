import type { Screen } from '../report/render.ts';

/**
 * What a stream can show: colours on a terminal unless NO_COLOR is set (no-color.org); 80 columns where
 * there is no terminal, or one that does not know its size and says 0.
 */
export function screenOf(stream: NodeJS.WriteStream): Screen {
  const { NO_COLOR, TERM } = process.env;
  return {
    width: stream.columns || 80,
    color: stream.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb',
  };
}
