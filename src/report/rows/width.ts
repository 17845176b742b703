import stringWidth from 'string-width';

/** Columns that a text takes on a terminal: an emoji or an ideograph takes two, a combining mark none. */
export function widthOf(text: string): number {
  return stringWidth(text, { countAnsiEscapeCodes: true });
}

/** The text at exactly that width: what is cut off is marked by an ellipsis, what is missing is blank. */
export function fitText(text: string, width: number, side: 'left' | 'right'): string {
  const shown = clipText(text, width);
  const blanks = ' '.repeat(width - widthOf(shown));
  return side === 'left' ? shown + blanks : blanks + shown;
}

const graphemes = new Intl.Segmenter();

/** At most so many columns of the text, no character cut in two; what is cut off is marked by an ellipsis. */
export function clipText(text: string, width: number): string {
  if (text.length <= width / 2 || widthOf(text) <= width) {
    return text;
  }
  let clipped = '';
  let left = width - 1;
  for (const { segment } of graphemes.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) {
      break;
    }
    clipped += segment;
  }
  return width < 1 ? '' : `${clipped}…`;
}
