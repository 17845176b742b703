import { styleText } from 'node:util';

/** A colour or a manner of letters. */
export type Style = 'bold' | 'dim' | 'underline' | 'red' | 'green' | 'yellow' | 'cyan' | 'none';

/** The text in that style, where the screen has colours. */
export function paint(text: string, style: Style, screen: { readonly color: boolean }): string {
  const isPlain = !screen.color || style === 'none' || text === '';
  return isPlain ? text : styleText(style, text, { validateStream: false });
}
