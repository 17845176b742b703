import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What a `--transform` names: a module of the user's, or a built-in with its argument. */
export type TransformSpec =
  | { readonly kind: 'module'; readonly spec: string; readonly file: string; readonly url: string }
  | {
      readonly kind: 'builtin';
      readonly spec: string;
      readonly name: string;
      readonly argument: string | undefined;
    };

/** A name of two letters or more, so that it is no drive of Windows, and a colon. */
const builtin = /^(?!file:)[a-z][a-z0-9-]+(?=:)/;

const asModule = /^(?:\.{1,2}[\\/]|[\\/]|[a-z]:[\\/]|file:)|\.[cm]?[jt]s$/i;

/**
 * `./hash.ts`, `/srv/hash.mjs`, `file:…` and what ends as a script does are modules, relative to the working
 * directory; all else is `name` or `name:argument`, even when the argument ends like that.
 */
export function parseSpec(spec: string): TransformSpec {
  const name = builtin.exec(spec)?.[0];
  if (name !== undefined) {
    return { kind: 'builtin', spec, name, argument: spec.slice(name.length + 1) };
  }
  if (!asModule.test(spec)) {
    return { kind: 'builtin', spec, name: spec, argument: undefined };
  }
  const file = spec.startsWith('file:') ? fileURLToPath(spec) : path.resolve(spec);
  return { kind: 'module', spec, file, url: pathToFileURL(file).href };
}

/**
 * What tells two transforms apart: of a module its text, by itself (what it imports is not looked at), else
 * its spec. A module that cannot be read is told of when it is loaded.
 */
export function transformMeaning(spec: string): string {
  const parsed = parseSpec(spec);
  return parsed.kind === 'module' && fs.existsSync(parsed.file) ? fs.readFileSync(parsed.file, 'utf8') : spec;
}
