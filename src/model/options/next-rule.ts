import { parsePath, type Path } from '../json/path.ts';

/** How an answer says where its next page is: by a `Link`, a URL in its body, or values that go into the query. */
export type NextRule =
  | { readonly by: 'link' }
  | { readonly by: 'url'; readonly value: BodyValue }
  | { readonly by: 'query'; readonly parameters: readonly NextParameter[] };

/** A value in a JSON body. */
export interface BodyValue {
  readonly path: Path;
  /** The path as the user wrote it, for messages. */
  readonly text: string;
}

/** A query parameter that takes a value of the body. */
export interface NextParameter {
  readonly name: string;
  readonly value: BodyValue;
}

/** Reads `link`, a path such as `$.next`, or `cursor={$.next}&size={$.size}`. Undefined: it is none of them. */
export function parseNextRule(text: string): NextRule | undefined {
  if (text === 'link') {
    return { by: 'link' };
  }
  if (text.startsWith('$')) {
    const value = bodyValue(text);
    return value && { by: 'url', value };
  }
  const parameters = parametersOf(text);
  return parameters && { by: 'query', parameters };
}

/** True when a page's body has to be read to find the next one. */
export function readsBody(rule: NextRule | undefined): boolean {
  return rule !== undefined && rule.by !== 'link';
}

/** `name={path}`, at the start or after `&`; quotes in the path may hold any character. */
const parameter = /(?:^|(?!^)&)([^=&{}]+)=\{((?:[^{}'"]|'[^']*'|"[^"]*")+)\}/y;

function parametersOf(text: string): NextParameter[] | undefined {
  const parameters: NextParameter[] = [];
  for (let at = 0; at < text.length; at = parameter.lastIndex) {
    parameter.lastIndex = at;
    const [, name = '', path = ''] = parameter.exec(text) ?? [];
    const value = bodyValue(path);
    if (value === undefined) {
      return undefined;
    }
    parameters.push({ name, value });
  }
  return parameters.length === 0 ? undefined : parameters;
}

/** A path begins with `$`, so that it cannot be taken for the name of a variable of the input. */
function bodyValue(text: string): BodyValue | undefined {
  const path = text.startsWith('$') ? parsePath(text) : undefined;
  return path && { path, text };
}
