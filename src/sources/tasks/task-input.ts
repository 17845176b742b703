import { messageOf } from '../../model/errors.ts';
import { isExactNumber } from '../../model/json/exact-json.ts';
import { promiseProblem } from '../../model/json/unwritable.ts';
import { failure } from '../../model/failure.ts';
import { nameText } from '../../model/name.ts';
import { requestsOver, fieldProblem, type BodyPart, type FieldParts } from '../../model/request-parts.ts';
import type { RequestBase } from '../../model/request.ts';
import { createTask, invalidTask, type Task } from '../../model/task.ts';
import { isFailure, parseTarget } from '../../model/url.ts';
import { checkTask, type CheckedTask, type Scalar } from './task-schema.ts';

/** What a program hands in for one task: a URL, alone or with what else the task is. */
export type TaskInput = string | TaskFields;

/** A task as users write it, in a program or in a line of a task file. What it does not say is as for all tasks. */
export interface TaskFields {
  readonly url: string;
  /** Your name for it; absent: its index. */
  readonly id?: string | number | undefined;
  readonly method?: string | undefined;
  /** By name; a list is several fields of that name, null drops one that all tasks have. */
  readonly headers?: Readonly<Record<string, Value | readonly Value[] | null>> | undefined;
  /** Body, as JSON. At most one of these four. */
  readonly json?: unknown;
  /** Body, as it is. */
  readonly body?: string | Uint8Array | undefined;
  /** Body, as an HTML form is sent (`application/x-www-form-urlencoded`). */
  readonly form?: Readonly<Record<string, Value | readonly Value[]>> | undefined;
  /** Body, from a file that is read when it is sent. */
  readonly bodyFile?: string | undefined;
  /** Limit of one attempt: milliseconds, or text such as `5s`. */
  readonly timeout?: string | number | undefined;
  /** Whatever you want to find again in the record. */
  readonly meta?: unknown;
}

type Value = string | number | boolean;

/** Makes the task that an input describes; one that cannot be understood becomes an invalid task. */
export type TaskOfInput = (index: number, input: unknown, jsonText?: string) => Task;

/**
 * How tasks are made of `TaskFields`. `jsonText` is the text of `json` where the user has written one:
 * it is sent as it stands, so that numbers keep their digits and members their order.
 */
export function tasksOver(base: RequestBase): TaskOfInput {
  const requestOf = requestsOver(base);
  return (index, input, jsonText) => {
    const checked = checkTask(input);
    if (typeof checked === 'string') {
      return unusable(index, input, base, checked);
    }
    const headers = fieldsOf(checked);
    const body = bodyOf(checked, jsonText);
    const promise = promiseProblem('meta', checked.meta);
    if (typeof headers === 'string' || typeof body === 'string' || promise !== undefined) {
      const problems = [headers, body, promise].filter((part) => typeof part === 'string');
      return unusable(index, input, base, problems.join('; '));
    }
    const { id, url, method, timeout, meta } = checked;
    const task = createTask(index, idText(id), url, requestOf({ method, headers, body }));
    return { ...task, timeoutMs: timeout === 0 ? Number.POSITIVE_INFINITY : timeout, meta };
  };
}

/** A task that cannot be sent, with as much of its input as lets the user find it. */
function unusable(index: number, input: unknown, base: RequestBase, reason: string): Task {
  const { url, id, meta }: { url?: unknown; id?: unknown; meta?: unknown } = Object(input);
  const shown = typeof url === 'string' ? withoutUser(url) : '';
  const isName = typeof id === 'string' || typeof id === 'number' || isExactNumber(id);
  const name = isName ? textOf(id) : undefined;
  return { ...invalidTask(index, name, shown, base, failure('INVALID_TASK', reason)), meta };
}

/** A user name and password in a URL are in no record. */
function withoutUser(url: string): string {
  const target = parseTarget(url);
  return isFailure(target) ? url : target.url;
}

/** The header fields as text; or, as one text, what is wrong with them. */
function fieldsOf({ headers }: CheckedTask): FieldParts | string | undefined {
  if (headers === undefined) {
    return undefined;
  }
  const fields: Record<string, string | string[] | null> = {};
  const problems: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const field = value === null ? null : Array.isArray(value) ? value.map(textOf) : textOf(value);
    const problem = [field ?? '']
      .flat()
      .map((one) => fieldProblem(name, one))
      .find((one) => one !== undefined);
    if (problem !== undefined) {
      problems.push(`headers.${nameText(name)}: ${problem}`);
    }
    fields[name] = field;
  }
  return problems.length === 0 ? fields : problems.join('; ');
}

/** The body; or, as text, what is wrong with it. */
function bodyOf(task: CheckedTask, jsonText: string | undefined): BodyPart | string | undefined {
  const { json, body, form, bodyFile } = task;
  const given = Object.entries({ json, body, form, bodyFile }).filter(([, value]) => value !== undefined);
  if (given.length > 1) {
    return `${given.map(([name]) => name).join(', ')}: a task has one body`;
  }
  if (json !== undefined) {
    const text = jsonText ?? jsonOf(json);
    return typeof text === 'string' ? { kind: 'json', bytes: Buffer.from(text) } : text.problem;
  }
  if (form !== undefined) {
    return { kind: 'form', bytes: Buffer.from(formText(form)) };
  }
  if (body !== undefined) {
    return { kind: 'raw', bytes: typeof body === 'string' ? Buffer.from(body) : body };
  }
  return bodyFile === undefined ? undefined : { kind: 'raw', path: bodyFile };
}

function jsonOf(value: unknown): string | { problem: string } {
  try {
    const text: string | undefined = JSON.stringify(value);
    return text ?? { problem: 'json: has no form in JSON' };
  } catch (error) {
    return { problem: `json: ${messageOf(error)}` };
  }
}

/** As browsers send a form (URL standard, application/x-www-form-urlencoded): a list is several of a name. */
function formText(form: NonNullable<CheckedTask['form']>): string {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    [value].flat().map((one) => [name, textOf(one)]),
  );
  return new URLSearchParams(pairs).toString();
}

function idText(id: CheckedTask['id']): string | undefined {
  return id === undefined ? undefined : textOf(id);
}

/** A number that is kept digit for digit is an object of JSON's own. */
function textOf(value: Scalar): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
