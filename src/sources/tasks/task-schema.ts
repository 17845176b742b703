import * as z from 'zod/mini';
import { isExactNumber } from '../../model/json/exact-json.ts';
import { token } from '../../model/field.ts';
import { duration } from '../../model/options/forms.ts';
import { nameText } from '../../model/name.ts';
import { didYouMean, nearest } from '../../model/near.ts';

/** A task whose members are what they can be, each for itself. */
export type CheckedTask = z.output<typeof taskSchema>;

/** Text, or a value that has an obvious text. */
export type Scalar = z.output<typeof scalar>;

/**
 * Checks what a line of a task file or a program gives for a task. What is wrong comes back as text,
 * with the path of each member that is: `headers.X-Key: must be …; timeout: must be …`.
 */
export function checkTask(input: unknown): CheckedTask | string {
  const result = taskSchema.safeParse(input);
  return result.success ? result.data : result.error.issues.map(describe).join('; ');
}

const exactNumber = z.custom<object>(isExactNumber);

const scalar = z.union(
  [z.string(), z.number(), z.boolean(), exactNumber],
  'must be text, a number, true or false',
);

const text = z.string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') });

const shape = {
  url: text,
  id: z.optional(z.union([z.string(), z.number(), exactNumber], 'must be text or a number')),
  method: z.optional(
    text.check(
      z.regex(token, 'must be an HTTP method such as GET or POST'),
      z.refine((method) => method !== 'CONNECT', 'CONNECT opens tunnels and cannot fetch'),
    ),
  ),
  headers: z.optional(
    namesOf(z.union([scalar, z.array(scalar), z.null()], 'must be text, a list of texts, or null')),
  ),
  json: z.optional(z.unknown()),
  body: z.optional(z.union([z.string(), z.instanceof(Uint8Array)], 'must be text')),
  form: z.optional(namesOf(z.union([scalar, z.array(scalar)], 'must be text or a list of texts'))),
  bodyFile: z.optional(text.check(z.minLength(1, 'must be the name of a file'))),
  timeout: z.optional(duration),
  meta: z.optional(z.unknown()),
};

/** An object of names and values. A member `__proto__`, which zod would pass over, is refused. */
function namesOf<T extends z.ZodMiniType>(value: T) {
  const hasProto = (input: unknown) => Object.hasOwn(Object(input), '__proto__');
  return z.pipe(
    z.unknown().check(z.refine((input) => !hasProto(input), '__proto__ is a name that cannot be sent')),
    z.record(z.string(), value, 'must be an object of names and values'),
  );
}

const taskSchema = z.strictObject(shape, 'must be a JSON object');

const keys = Object.keys(shape);

function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(unknownKey).join('; ');
  }
  return issue.path.length === 0
    ? issue.message
    : `${issue.path.map((part) => nameText(String(part))).join('.')}: ${issue.message}`;
}

function unknownKey(key: string): string {
  const near = nearest(key, keys);
  return `unknown key ${nameText(key)}${near === undefined ? ` (keys are ${keys.join(', ')})` : didYouMean(near)}`;
}
