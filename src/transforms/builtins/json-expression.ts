import {
  compile,
  getRegisteredFunctions,
  TreeInterpreter,
  type JSONValue,
} from '@jmespath-community/jmespath';
import { messageOf, UsageError } from '../../model/errors.ts';
import { didYouMean, nearest } from '../../model/near.ts';
import { unclosedText, unexpectedAt } from './json-syntax.ts';

/** What an expression finds in a value; null: nothing. Throws what the functions of the expression throw. */
export type Search = (value: unknown) => unknown;

/** Makes a search of an expression of JMESPath. Throws a `UsageError` with the place of a mistake. */
export function compileExpression(text: string): Search {
  const expression = parse(text);
  const found = lookOver(expression, 'top');
  return found.isNamedAsInherited
    ? (value) => TreeInterpreter.search(expression, bare(value) as JSONValue)
    : (value) => TreeInterpreter.search(expression, value as JSONValue);
}

type Expression = ReturnType<typeof compile>;

function parse(text: string): Expression {
  let expression: Expression | undefined;
  try {
    expression = compile(text);
  } catch {
    // What it throws has no place.
  }
  const at = expression === undefined ? unexpectedAt(text) : unclosedText(text);
  if (expression !== undefined && at === undefined) {
    return expression;
  }
  throw new UsageError(
    at === undefined || at === text.length
      ? `the expression ends too early, after character ${text.length}`
      : `unexpected ${JSON.stringify(text.slice(at, at + shownLength))} at character ${at + 1}`,
  );
}

const shownLength = 20;

/** What matters about a whole expression. */
interface Findings {
  /** It asks for a field that every object of JavaScript seems to have, such as `constructor`. */
  readonly isNamedAsInherited: boolean;
}

/** Throws a `UsageError` for what the parser takes and nothing can come of. */
function lookOver(part: unknown, parent: string): Findings {
  if (typeof part !== 'object' || part === null) {
    return { isNamedAsInherited: false };
  }
  if (Array.isArray(part)) {
    return lookOverAll(part, parent);
  }
  const type = 'type' in part ? String(part.type) : parent;
  const name = 'name' in part ? String(part.name) : '';
  if (type === 'Literal') {
    return { isNamedAsInherited: false };
  }
  if (type === 'Function') {
    checkFunction(name, 'children' in part && Array.isArray(part.children) ? part.children.length : 0);
  }
  if (type === 'ExpressionReference' && parent !== 'Function') {
    throw new UsageError('& stands before arguments of functions only, as in sort_by(items, &age)');
  }
  if (type === 'Binding' && parent !== 'LetExpression') {
    throw new UsageError('= stands in let expressions only: to compare, write ==');
  }
  const below = lookOverAll(Object.values(part), type);
  return type === 'Field' && name in Object.prototype ? { isNamedAsInherited: true } : below;
}

function lookOverAll(parts: readonly unknown[], parent: string): Findings {
  const all = parts.map((part) => lookOver(part, parent));
  return { isNamedAsInherited: all.some((found) => found.isNamedAsInherited) };
}

function checkFunction(name: string, count: number): void {
  const known = getRegisteredFunctions();
  if (!known.includes(name)) {
    const hint = didYouMean(nearest(name, known)) || `: there are ${known.toSorted().join(', ')}`;
    throw new UsageError(`no function is called ${JSON.stringify(name)}${hint}`);
  }
  const problem = countProblem(name, count);
  if (problem !== undefined) {
    throw new UsageError(problem);
  }
}

/** Why a function cannot be called with so many arguments. The library tells only when it is called, before it looks at them. */
function countProblem(name: string, count: number): string | undefined {
  try {
    TreeInterpreter.search(compile(`${name}(${Array.from({ length: count }, () => '@').join(',')})`), null);
    return undefined;
  } catch (error) {
    return /^Invalid arity: (.*)$/.exec(messageOf(error))?.[1];
  }
}

/** A copy whose objects inherit nothing: the library finds what they inherit. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(bare);
  }
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [name, member] of Object.entries(value)) {
    copy[name] = bare(member);
  }
  return copy;
}
