import type { LineField } from '../model/record.ts';

/** Fields that tell which line this is, and so what a resumed run has to do: no transform may change them. */
export const journalFields = ['index', 'id', 'url', 'page', 'next', 'dropped'] as const;

/** Fields that every line has: those that a transform leaves out stay as they were. */
export const constantFields = ['ok', 'attempts', 'timing', 'startedAt'] as const;

/**
 * What may be changed of a record beside its body and `result`: what each has to be, for a person, and
 * whether a value is that. `error` is looked at apart.
 */
export const changeable = {
  finalUrl: ['text', isText],
  ok: ['true or false', (value) => typeof value === 'boolean'],
  status: ['a status', (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 999],
  httpVersion: ['"2"', (value) => value === '2'],
  attempts: ['a whole number', isCount],
  headers: ['an object of texts, or lists of them', isHeaders],
  bytes: ['a whole number', isCount],
  file: ['text', isText],
  timing: ['an object of milliseconds, as it was', isTiming],
  startedAt: ['a time in ISO 8601', (value) => isText(value) && !Number.isNaN(Date.parse(String(value)))],
  meta: ['anything', () => true],
} as const satisfies Partial<Record<LineField, readonly [form: string, is: (value: unknown) => boolean]>>;

/** Fields of a line by whatever name: all others are the user's own. */
export const knownFields: ReadonlySet<string> = new Set([
  ...journalFields,
  ...Object.keys(changeable),
  'body',
  'bodyEncoding',
  'error',
  'result',
]);

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isHeaders(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every((one) => isText(one) || (Array.isArray(one) && one.every(isText)))
  );
}

const phases: ReadonlySet<string> = new Set([
  'queue',
  'dns',
  'connect',
  'tls',
  'firstByte',
  'download',
  'earlier',
  'total',
]);

function isTiming(value: unknown): boolean {
  return (
    isObject(value) &&
    'queue' in value &&
    'total' in value &&
    Object.entries(value).every(([phase, ms]) => phases.has(phase) && Number.isFinite(ms))
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
