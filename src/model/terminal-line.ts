import type { LineOf } from './line.ts';

/**
 * Lines for a terminal: the same JSON, but what could move the cursor, change colours, hide or reorder
 * characters is escaped. JSON has escaped the C0 controls already; DEL, the C1 controls, bidirectional
 * and other invisible marks and line separators may stand in its strings, and can be nowhere else.
 */
export function terminalLine(lineOf: LineOf): LineOf {
  return (record) => terminalJson(lineOf(record));
}

/** The same for any JSON. */
export function terminalJson(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

/** As JSON has it: by UTF-16 units. */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
