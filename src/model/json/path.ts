/** The way to one value inside another: names of members and indexes of elements, below 0 from the end. */
export type Path = readonly (string | number)[];

/**
 * Reads a path to a single value: a singular query of JSONPath (RFC 9535, 2.3.5.1), such as
 * `$.items[0]['first name']`, or the same without `$.` (`items[0].name`). Beyond the standard, a name
 * after a dot may have hyphens, begin with a digit, and stand in quotes. Undefined: it is no such path.
 */
export function parsePath(text: string): Path | undefined {
  const steps = text.startsWith('$') ? text.slice(1) : text.startsWith('[') ? text : `.${text}`;
  const path: (string | number)[] = [];
  for (let at = 0; at < steps.length; at = step.lastIndex) {
    step.lastIndex = at;
    const [, name, afterDot, inBrackets, index] = step.exec(steps) ?? [];
    const part = name ?? unquoted(afterDot ?? inBrackets) ?? indexOf(index);
    if (part === undefined) {
      return undefined;
    }
    path.push(part);
  }
  return path;
}

/**
 * What stands there in a value that `JSON.parse` could have given; undefined when nothing does. As in
 * JSONPath, names lead into objects only and indexes into arrays only; what is inherited is not there.
 */
export function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const part of path) {
    found = typeof part === 'number' ? elementOf(found, part) : memberOf(found, part);
  }
  return found;
}

const bare = String.raw`[\w\u0080-\u{10ffff}-]+`;
const quoted = String.raw`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'`;

/** `.name`, `."name"`, `["name"]`, `['name']` or `[0]`. */
const step = new RegExp(String.raw`\.(?:(${bare})|(${quoted}))|\[\s*(?:(${quoted})|(-?\d+))\s*\]`, 'uy');

/** The text in quotes, its escapes undone: those of JSON, and `\'` between single ones. */
function unquoted(text: string | undefined): string | undefined {
  if (text === undefined) {
    return undefined;
  }
  const inner = text.slice(1, -1);
  const json = text.startsWith('"')
    ? inner
    : inner.replaceAll(/\\(.)|"/gu, (one, escaped) =>
        escaped === "'" ? escaped : one === '"' ? '\\"' : one,
      );
  try {
    return String(JSON.parse(`"${json}"`));
  } catch {
    return undefined; // an escape that there is not, or a raw control character
  }
}

function indexOf(text: string | undefined): number | undefined {
  const index = Number(text);
  return text !== undefined && Number.isSafeInteger(index) && String(index) === text ? index : undefined;
}

function elementOf(value: unknown, index: number): unknown {
  return Array.isArray(value) ? value.at(index) : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
