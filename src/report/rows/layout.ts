/** Between two columns of a table. */
export const gap = 2;

/** A text that is cut to less than this tells nothing. */
const least = 8;

/** What a column of a table needs. */
export interface ColumnNeed {
  /** Of its longest cell. */
  readonly width: number;
  /** Half a number is another number: it is never cut. */
  readonly isNumber: boolean;
}

/**
 * The widths of columns in a table on a screen: all that they need, or else the widest texts are cut to
 * one width. Undefined when there are too many columns for that.
 */
export function layOut(needs: readonly ColumnNeed[], screenWidth: number): number[] | undefined {
  const texts = needs.filter(({ isNumber }) => !isNumber).map(({ width }) => width);
  const numbers = needs.filter(({ isNumber }) => isNumber).map(({ width }) => width);
  const most = fairShare(texts, screenWidth - sum(numbers) - gap * (needs.length - 1));
  return most < least
    ? undefined
    : needs.map(({ width, isNumber }) => (isNumber ? width : Math.min(width, most)));
}

/** What each may have at most, so that all of them have no more than `available`; infinite when all have what they need. */
function fairShare(widths: readonly number[], available: number): number {
  const sorted = widths.toSorted((a, b) => a - b);
  let left = available;
  for (const [at, width] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - at));
    if (width > share) {
      return share;
    }
    left -= width;
  }
  return left < 0 ? left : Number.POSITIVE_INFINITY;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
