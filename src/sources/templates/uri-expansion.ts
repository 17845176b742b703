import { isExactNumber } from '../../model/json/exact-json.ts';
import type { Failure } from '../../model/failure.ts';
import { nameText } from '../../model/name.ts';
import { invalidRow, noValue, textOf, valueIn, type Row } from '../rows/row.ts';

/** One `{…}` of a URI Template. */
export interface Expression {
  readonly operator: Operator;
  readonly variables: readonly Variable[];
}

/** One name in it. */
export interface Variable {
  readonly name: string;
  /** `{list*}`: each member on its own. */
  readonly isExploded: boolean;
  /** `{name:3}`: as many characters. */
  readonly length: number | undefined;
}

/** The table of RFC 6570, appendix A. */
interface Operator {
  readonly first: string;
  readonly separator: string;
  /** `name=value`; what is missing is left out. */
  readonly isNamed: boolean;
  /** What follows the name when the value is empty. */
  readonly ifEmpty: string;
  /** Reserved characters stand for themselves. */
  readonly isReserved: boolean;
}

/** The operator of `{name}`. */
export const plain: Operator = {
  first: '',
  separator: ',',
  isNamed: false,
  ifEmpty: '',
  isReserved: false,
};

const named: Operator = { ...plain, isNamed: true };

/** By the character that begins the expression. */
export const operators: Readonly<Record<string, Operator>> = {
  '+': { ...plain, isReserved: true },
  '#': { ...plain, first: '#', isReserved: true },
  '.': { ...plain, first: '.', separator: '.' },
  '/': { ...plain, first: '/', separator: '/' },
  ';': { ...named, first: ';', separator: ';' },
  '?': { ...named, first: '?', separator: '&', ifEmpty: '=' },
  '&': { ...named, first: '&', separator: '&', ifEmpty: '=' },
};

/** What an expression stands for with a row (RFC 6570, 3.2.1). */
export function expand({ operator, variables }: Expression, row: Row): string | Failure {
  const pieces: string[] = [];
  for (const variable of variables) {
    const value = valueIn(row, variable.name);
    if (!isUndefined(value)) {
      const piece = expandVariable(operator, variable, value);
      if (typeof piece !== 'string') {
        return piece;
      }
      pieces.push(piece);
    } else if (!operator.isNamed) {
      return noValue(row, variable.name);
    }
  }
  return pieces.length === 0 ? '' : operator.first + pieces.join(operator.separator);
}

/** No value, in the sense of the RFC: a list or object without members too. */
function isUndefined(value: unknown): boolean {
  return value === undefined || value === null || (isComposite(value) && membersOf(value).length === 0);
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** Names and values; a list has no names. */
function membersOf(value: object): (readonly [name: string | undefined, value: unknown])[] {
  const all = Array.isArray(value)
    ? value.map((one: unknown) => [undefined, one] as const)
    : Object.entries(value as Record<string, unknown>);
  return all.filter(([, one]) => one !== undefined && one !== null);
}

function expandVariable(operator: Operator, variable: Variable, value: unknown): string | Failure {
  const { name, isExploded, length } = variable;
  if (!isComposite(value)) {
    const text = textOf(value) ?? '';
    const used = length === undefined ? text : Array.from(text).slice(0, length).join('');
    return withName(operator, name, encode(used, operator));
  }
  const members = membersOf(value);
  if (length !== undefined || members.some(([, one]) => isComposite(one))) {
    return invalidRow(`${nameText(name)} is a list or object that cannot stand in a URL`);
  }
  const encoded = members.map(([key, one]) => ({
    key: key === undefined ? undefined : encode(key, operator),
    text: encode(textOf(one) ?? '', operator),
  }));
  return isExploded
    ? encoded
        .map(({ key, text }) =>
          key === undefined ? withName(operator, name, text) : pairOf(operator, key, text),
        )
        .join(operator.separator)
    : withName(
        operator,
        name,
        encoded.map(({ key, text }) => (key === undefined ? text : `${key},${text}`)).join(','),
      );
}

function withName(operator: Operator, name: string, value: string): string {
  return operator.isNamed ? pairOf(operator, encodeOutsideTriplets(name, encodeUnreserved), value) : value;
}

function pairOf({ isNamed, ifEmpty }: Operator, name: string, value: string): string {
  return isNamed && value === '' ? name + ifEmpty : `${name}=${value}`;
}

function encode(text: string, { isReserved }: Operator): string {
  return isReserved ? encodeOutsideTriplets(text, encodeReserved) : encodeUnreserved(text);
}

/** Leaves what is percent-encoded already as it is. */
function encodeOutsideTriplets(text: string, encodePart: (text: string) => string): string {
  return text
    .split(/(%[\da-f]{2})/i)
    .map((part, at) => (at % 2 === 1 ? part : encodePart(part)))
    .join('');
}

/** All but letters, digits and `-._~`. A lone surrogate, which JSON can hold, is no character: U+FFFD. */
function encodeUnreserved(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/[!'()*]/g, percentEncode);
}

/** Not the reserved characters (RFC 3986, 2.2), to which the brackets belong. */
function encodeReserved(text: string): string {
  return encodeURI(text.toWellFormed()).replaceAll('%5B', '[').replaceAll('%5D', ']');
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
