import { expect } from 'vitest';
import type { Task } from '../../src/model/task.ts';
import type { FormatReader } from '../../src/sources/reader.ts';
import { requestTail } from '../../src/fetch/http/request-head.ts';
import { fieldValue, token } from '../../src/model/field.ts';
import { recordLine } from '../../src/model/line.ts';
import { FetchRecord } from '../../src/model/record.ts';
import { request } from '../sources/settings.ts';
import { page } from './page.ts';

/** What became of a text: its tasks, and the lines of it that were refused, from 1. */
export interface Reading {
  readonly tasks: readonly Task[];
  readonly refused: readonly number[];
}

/**
 * Reads a text that came in these chunks. Checks what holds of any input: indexes in order, a message of
 * one line with file and line for each invalid task, and valid tasks that break neither the head of a
 * request nor the line of a record.
 */
export async function readText(reader: FormatReader, chunks: readonly Buffer[]): Promise<Reading> {
  const messages: string[] = [];
  const context = { firstIndex: 7, request, onInvalid: (message: string) => messages.push(message) };
  const text = () => ({ name: 'in', chunks: eachOnce(chunks) });
  const tasks: Task[] = [];
  for await (const batch of reader.read(text(), context)) {
    tasks.push(...batch);
  }
  expect(tasks.map(({ index }) => index)).toEqual(tasks.map((_, at) => 7 + at));
  expect(await reader.count(text())).toBe(tasks.length);
  tasks.forEach(checkTask);
  const invalid = tasks.filter((task) => task.invalid !== undefined);
  expect(messages.map((message) => message.replace(/^in:\d+: /, ''))).toEqual(
    invalid.map((task) => task.invalid?.message),
  );
  return { tasks, refused: messages.map((message) => Number(/^in:(\d+): [^\r\n]+$/.exec(message)?.[1])) };
}

/** Each chunk is overwritten when the next one is asked for, as a file's are. */
async function* eachOnce(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) {
    const memory = Buffer.from(chunk);
    yield memory;
    memory.fill(0x22);
  }
}

function checkTask(task: Task): void {
  const { id, url, invalid, meta } = task;
  const line = recordLine(new FetchRecord(page({ id: id ?? '', url, error: invalid, meta })));
  expect(line.indexOf('\n')).toBe(line.length - 1);
  JSON.parse(line);
  if (invalid === undefined) {
    expect(task.url).toMatch(/^https?:\/\/[^@/?#]+\/[\u0021-\u007e]*$/);
    expect(task.url.startsWith(`${task.origin}/`)).toBe(true);
    const [first, ...lines] = requestTail(task.request, 'h').split('\r\n');
    expect(task.request.method).toMatch(token);
    expect(first).toBe(' HTTP/1.1');
    const { headers, body } = task.request;
    expect(lines.length).toBeLessThanOrEqual(headers.length / 2 + (body === undefined ? 4 : 5));
    expect(lines.every((one) => fieldValue.test(one))).toBe(true);
  }
}

/** Whether a line, the first of which is at 0, is to be a task: it is neither blank nor a comment. */
export function isTaskLine(line: string, at: number): boolean {
  return !/^[ \t\r\v\f]*(?:#|$)/.test(at === 0 ? line.replace(/^\uFEFF/, '') : line);
}
