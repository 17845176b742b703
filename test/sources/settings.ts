import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readlink, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { RequestBase } from '../../src/model/request.ts';
import type { Task } from '../../src/model/task.ts';
import type { SourceSettings } from '../../src/sources/index.ts';

export const request: RequestBase = {
  method: 'GET',
  headers: [],
  body: undefined,
  isMethodGiven: false,
  givenFields: new Set(),
};

/** Settings of `openSources`, and the complaints it makes under them. */
export function settings(overrides: Partial<SourceSettings> = {}): SourceSettings & { complaints: string[] } {
  const complaints: string[] = [];
  const onInvalid = (message: string) => complaints.push(message);
  return { globoff: false, request, onInvalid, stdin: bytes(), ...overrides, complaints };
}

/** Each text as one chunk of UTF-8. */
export async function* bytes(...chunks: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const chunk of chunks) {
    yield Buffer.from(chunk);
  }
}

/** A source, or what is like one in that it gives batches. */
type Batches = AsyncIterable<readonly Task[]>;

export async function readBatches(source: Batches): Promise<(readonly Task[])[]> {
  const batches: (readonly Task[])[] = [];
  for await (const batch of source) {
    batches.push(batch);
  }
  return batches;
}

export async function readAll(source: Batches): Promise<Task[]> {
  return (await readBatches(source)).flat();
}

/** Writes files into a directory of the test file's own, which goes when its tests have run. */
export function temporaryFiles(): (name: string, content: string | Uint8Array) => Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'bulkfetch-sources-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  return async (name, content) => {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
}

/** How many descriptors of this process are open on a file. */
export async function openCount(path: string): Promise<number> {
  const names = await readdir('/proc/self/fd');
  const targets = await Promise.all(names.map((name) => readlink(`/proc/self/fd/${name}`).catch(() => '')));
  return targets.filter((target) => target === path).length;
}
