import * as z from 'zod/mini';
import { parsePath, type Path } from '../json/path.ts';
import { lineFields, type LineField } from '../record.ts';

/** A part of a record that the output line is to have. */
export interface Field {
  /** The path as the user wrote it, which is the key in the line. */
  readonly key: string;
  /** The field of the record that it begins with … */
  readonly name: LineField;
  /** … and the way from there. */
  readonly path: Path;
}

/** A part of what transforms have added to a record, whatever they call it. */
export interface ExtraField {
  readonly key: string;
  readonly name: 'extra';
  /** The name of the field, and the way from there. */
  readonly path: Path;
}

/** `--fields`: paths into the record, as a list or as text with commas. */
export function fieldList() {
  return z.pipe(
    z.union([z.string(), z.array(z.string())], { error: `must be ${form}` }),
    z.transform((value, context): readonly (Field | ExtraField)[] => {
      const keys = (typeof value === 'string' ? value.split(comma) : value).map((key) => key.trim());
      const fields = keys.map(toFieldOrExtra);
      const fault =
        fields.find((field) => typeof field === 'string') ??
        (new Set(keys).size < keys.length ? 'a field stands there twice' : undefined);
      if (fault !== undefined) {
        context.issues.push({ code: 'custom', message: fault, input: value });
      }
      return fields.filter((field) => typeof field !== 'string');
    }),
  );
}

const form = 'paths into the record, as in id,status,body.items[0].id';

/** Between paths: those that do not stand within quotes. */
export const comma = /,(?=(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"'])*$)/;

/** The field of a path, or what is wrong with it. */
export function toField(key: string): Field | string {
  const [name, ...path] = parsePath(key) ?? [];
  if (name === undefined) {
    return `must be ${form}, not ${JSON.stringify(key)}`;
  }
  if (!isLineField(name)) {
    return noSuchField(name);
  }
  return { key, name, path: name === 'headers' ? path.map(toLowerCase) : path };
}

/** What is said of a field that no record has. */
export function noSuchField(name: string | number): string {
  return `a record has no field ${name}: it has ${Object.keys(lineFields).join(', ')}`;
}

/** A name that no record has by itself may be one that a transform gives it. */
function toFieldOrExtra(key: string): Field | ExtraField | string {
  const path = parsePath(key);
  const name = path?.[0];
  return path === undefined || typeof name !== 'string' || isLineField(name)
    ? toField(key)
    : { key, name: 'extra', path };
}

function isLineField(name: string | number): name is LineField {
  return Object.hasOwn(lineFields, name);
}

/** Records have the names of header fields in lower case. */
function toLowerCase(part: string | number): string | number {
  return typeof part === 'string' ? part.toLowerCase() : part;
}
