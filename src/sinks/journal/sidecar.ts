import fs from 'node:fs';
import * as z from 'zod/mini';
import { UsageError } from '../../model/errors.ts';

/**
 * What a run knows of itself, in a file beside its output (`out.jsonl.bulkfetch`). JSON Lines: the
 * first line is the header; lines are only ever added to the end, each by one write, so that a kill
 * tears the last one at the most.
 *
 * - `{"bulkfetch":1,"version":"0.1.0","input":[…],"options":{…}}` the header
 * - `{"total":1000}` the tasks of the run, when they have been counted; the last one counts
 * - `{"sent":[7,8,[9,2]]}` these are sent now and must not be sent twice: tasks by their indexes, and
 *   later pages by index and page
 *
 * A resumed run writes the file anew, with the marks that still mean something.
 */
export interface Sidecar {
  readonly header: SidecarHeader;
  /** Absent: the tasks have not been counted yet. */
  readonly total: number | undefined;
  /** All that stand there; some have a record since. */
  readonly sent: readonly Mark[];
}

/** A task by its index, or a later page of one. */
export type Mark = z.output<typeof markSchema>;

/** What the records were made of: hashes, so that no secret stands there. */
export type SidecarHeader = z.output<typeof headerSchema>;

/** One argument of the run: a URL (its hash), a file, or what can be read only once. */
export type InputPart = z.output<typeof partSchema>;

const partSchema = z.union([
  z.object({ url: z.string() }),
  z.object({ file: z.string(), bytes: z.number(), sha256: z.string() }),
  z.object({ stream: z.literal(true) }),
]);

const headerSchema = z.object({
  bulkfetch: z.literal(1),
  /** Of the program. */
  version: z.string(),
  input: z.array(partSchema),
  /** Hashes by option, of those that are set. */
  options: z.record(z.string(), z.string()),
  /** `--max-pages`, where pages are followed. */
  maxPages: z.optional(z.number()),
});

const markSchema = z.union([z.number(), z.tuple([z.number(), z.number()])]);

const noteSchema = z.union([z.object({ total: z.number() }), z.object({ sent: z.array(markSchema) })]);

/** Where the sidecar of an output is. Links are followed: all names of an output have the same. */
export function sidecarOf(output: string): string {
  return `${fs.existsSync(output) ? fs.realpathSync(output) : output}.bulkfetch`;
}

/** Undefined: there is none, or it was never finished. Throws a `UsageError` for one that makes no sense. */
export function readSidecar(path: string): Sidecar | undefined {
  if (!fs.existsSync(path)) {
    return undefined;
  }
  const [first, ...rest] = fs.readFileSync(path, 'utf8').split('\n').slice(0, -1); // a torn line is none
  if (first === undefined) {
    return undefined;
  }
  const header = parsed(headerSchema, first, `${path}:1`);
  let total: number | undefined;
  const sent: Mark[] = [];
  for (const [at, line] of rest.entries()) {
    const note = parsed(noteSchema, line, `${path}:${at + 2}`);
    if ('total' in note) {
      total = note.total;
    } else {
      note.sent.forEach((mark) => sent.push(mark));
    }
  }
  return { header, total, sent };
}

/** The whole file as a text. */
export function sidecarText({ header, total, sent }: Sidecar): string {
  const notes = [...(total === undefined ? [] : [totalNote(total)]), ...(sent.length > 0 ? [{ sent }] : [])];
  return [header, ...notes].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Notes that the tasks have been counted. */
export function noteTotal(path: string, total: number): void {
  fs.appendFileSync(path, `${JSON.stringify(totalNote(total))}\n`);
}

function totalNote(total: number): z.output<typeof noteSchema> {
  return { total };
}

function parsed<T extends z.ZodMiniType>(schema: T, line: string, place: string): z.output<T> {
  const result = schema.safeParse(valueOf(line));
  if (!result.success) {
    throw new UsageError(`${place}: not a line of a sidecar of bulkfetch`);
  }
  return result.data;
}

function valueOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
