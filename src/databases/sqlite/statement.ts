import type { Cell, Parameter } from '../database.ts';
import { StatementError } from '../errors.ts';

/** A statement and what its places are bound to, by their name with the `$`. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: Readonly<Record<string, Cell>>;
}

/**
 * Binds what a statement is given. Its places are `$1`, `?1` or, one after the other, `?`; all are made to
 * `$1`, because that is the one form that every version of `node:sqlite` binds by number. A list is JSON text,
 * for `json_each($1)`. Throws a `StatementError` for another number of places, for `:name` and `@name`, and for
 * more than one statement.
 */
export function bindStatement(text: string, parameters: readonly Parameter[]): BoundStatement {
  let sql = '';
  let most = 0;
  let isEnded = false;
  let isEmpty = true;
  const used = new Set<number>();
  for (const [token] of text.matchAll(tokens)) {
    if (isEnded && !blank.test(token) && token !== ';') {
      throw new StatementError('it is more than one statement');
    }
    isEnded ||= token === ';';
    isEmpty &&= isEnded || blank.test(token);
    const number = placeOf(token, most);
    if (number === undefined) {
      sql += token;
    } else {
      most = Math.max(most, number);
      used.add(number);
      sql += `$${number}`;
    }
  }
  if (isEmpty) {
    throw new StatementError('it is empty');
  }
  if (most !== parameters.length) {
    throw new StatementError(`it has ${counted(most)}, and is given ${parameters.length}`);
  }
  const entries = parameters.map((value, index) => [index + 1, toCell(value)] as const);
  return {
    sql,
    values: Object.fromEntries(entries.flatMap(([at, value]) => (used.has(at) ? [[`$${at}`, value]] : []))),
  };
}

/**
 * Strings, quoted names, comments, places, names and numbers (a `$` in them is no place), and else one
 * character at a time. A doubled quote ends one string and begins another, which is as good here. What is not
 * closed goes to the end: SQLite says what is wrong with it.
 */
const tokens = new RegExp(
  [
    String.raw`'[^']*(?:'|$)`,
    String.raw`"[^"]*(?:"|$)`,
    '`[^`]*(?:`|$)',
    String.raw`\[[^\]]*(?:\]|$)`,
    String.raw`--[^\n]*`,
    String.raw`/\*[\s\S]*?(?:\*/|$)`,
    String.raw`\?\d*`,
    String.raw`[$:@#][\w$\u0080-\uffff]+`,
    String.raw`[\w\u0080-\uffff][\w$\u0080-\uffff]*`,
    String.raw`\s+`,
    String.raw`[\s\S]`,
  ].join('|'),
  'g',
);

/** What stands for nothing. */
const blank = /^(?:\s|--|\/\*)/;

/** The number of a place; undefined: it is none. */
function placeOf(token: string, most: number): number | undefined {
  if (token === '?') {
    return most + 1;
  }
  const number = /^[?$](\d+)$/.exec(token)?.[1];
  if (number !== undefined) {
    if (Number(number) < 1 || Number(number) > mostPlaces) {
      throw new StatementError(`${token} is no place: they are $1, $2 and so on`);
    }
    return Number(number);
  }
  if (/^[$:@#]./.test(token)) {
    throw new StatementError(`${token} cannot be bound: places are $1, $2 and so on`);
  }
  return undefined;
}

/** SQLite's limit. */
const mostPlaces = 32_766;

/** Whole numbers as such, which `node:sqlite` would bind as 5.0; true and false are 1 and 0 in SQLite. */
function toCell(value: Parameter): Cell {
  if (typeof value === 'object' && value !== null) {
    return JSON.stringify(value);
  }
  const isWhole = typeof value === 'boolean' || (typeof value === 'number' && Number.isSafeInteger(value));
  return isWhole ? BigInt(value) : value;
}

function counted(places: number): string {
  return places === 1 ? 'a place for 1 value' : `places for ${places} values`;
}
