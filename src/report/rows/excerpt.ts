import { clipText, widthOf } from './width.ts';

/** Much of a long line would hide the place. */
const longest = 100;
const before = 60;

/**
 * The line of a statement in which something is wrong, and below it a caret under the place. `position`
 * counts characters from 1; beyond the end is its end.
 */
export function excerpt(statement: string, position: number): string {
  const characters = Array.from(statement);
  const at = Math.min(position - 1, characters.length);
  const start = characters.lastIndexOf('\n', at - 1) + 1;
  const end = characters.indexOf('\n', at);
  const line = characters.slice(start, end === -1 ? undefined : end);
  const skipped = at - start > before ? at - start - before : 0;
  const shown = oneLine(line.slice(skipped));
  const indent = widthOf(oneLine(line.slice(skipped, at - start)));
  return `  ${clipText(shown, longest).trimEnd()}\n  ${' '.repeat(indent)}^`;
}

/** Where in a statement a message points to that quotes a part of it, as SQLite's do; undefined when that part stands there twice. */
export function quotedPosition(statement: string, message: string): number | undefined {
  const part = quoting
    .exec(message)
    ?.slice(1)
    .find((text) => text !== undefined && text !== '');
  const places = part === undefined ? [] : [...placesOf(statement, part)];
  return places.length === 1 ? Array.from(statement.slice(0, places[0])).length + 1 : undefined;
}

const quoting =
  /^(?:near "([\s\S]+)": syntax error|unrecognized token: "([\s\S]+)"|(?:no such \w+|ambiguous column name): (\S+)(?:[\s\S]*))$/;

/** Where it stands as a word of its own. */
function* placesOf(statement: string, part: string): Generator<number> {
  for (let at = statement.indexOf(part); at !== -1; at = statement.indexOf(part, at + 1)) {
    const isJoined = (neighbour: string | undefined, own: string | undefined) =>
      /\w/.test(neighbour ?? '') && /\w/.test(own ?? '');
    if (!isJoined(statement[at - 1], part[0]) && !isJoined(statement[at + part.length], part.at(-1))) {
      yield at;
    }
  }
}

/** A tab would move the caret. */
function oneLine(characters: readonly string[]): string {
  return characters.join('').replaceAll(/\s/g, ' ');
}
