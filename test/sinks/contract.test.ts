import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SinkError } from '../../src/model/errors.ts';
import { recordLine } from '../../src/model/line.ts';
import { FetchRecord } from '../../src/model/record.ts';
import { openSinks } from '../../src/sinks/index.ts';

const { Z_SYNC_FLUSH, ZSTD_e_flush } = zlib.constants;

const fsyncs = ['none', 'interval', 'each'] as const;

/** How what has been written so far is read, and how the whole file is. */
const kinds = [
  { name: 'out.jsonl', soFar: String, whole: String },
  {
    name: 'out.jsonl.gz',
    soFar: (bytes: Buffer) => String(zlib.gunzipSync(bytes, { finishFlush: Z_SYNC_FLUSH })),
    whole: (bytes: Buffer) => String(zlib.gunzipSync(bytes)),
  },
  {
    name: 'out.jsonl.zst',
    soFar: (bytes: Buffer) => String(zlib.zstdDecompressSync(bytes, { finishFlush: ZSTD_e_flush })),
    whole: (bytes: Buffer) => String(zlib.zstdDecompressSync(bytes)),
  },
];

const all = kinds.flatMap((kind) => fsyncs.map((fsync) => ({ ...kind, fsync })));

describe.each(all)('$name with --fsync $fsync', ({ name, fsync, soFar, whole }) => {
  const open = (file: string) => openSinks([file], { lineOf: recordLine, fsync });

  it('can be read as far as writes have resolved, and whole when it is closed', async () => {
    const file = path.join(folder(), name);
    const sink = await open(file);
    expect(sink.name).toBe(file);
    let written = '';
    for (const count of [1, 300, 2, 1, 2000]) {
      const batch = records(count);
      await sink.write(batch);
      written += batch.map(recordLine).join('');
      expect(soFar(readFileSync(file))).toBe(written);
    }
    await sink.close();
    expect(whole(readFileSync(file))).toBe(written);
  });

  it('is whole without a record', async () => {
    const file = path.join(folder(), name);
    await (await open(file)).close();
    expect(whole(readFileSync(file))).toBe('');
  });

  it('says which file cannot be opened', async () => {
    const file = path.join(folder(), 'nowhere', name);
    await expect(open(file)).rejects.toThrow(new SinkError(`cannot write ${file}: ${missing(file)}`));
  });

  it.skipIf(process.platform !== 'linux')('says which file cannot be written, and closes', async () => {
    const file = path.join(folder(), name);
    symlinkSync('/dev/full', file);
    const sink = await open(file);
    await expect(sink.write(records(1))).rejects.toThrow(
      new SinkError(`cannot write ${file}: ENOSPC: no space left on device, write`),
    );
    await sink.close();
  });
});

it.each([
  ['out.gz', 'gzip'],
  ['out.zst', 'zstd'],
])('%s passes the test of %s', async (name, tool) => {
  const file = path.join(folder(), name);
  const sink = await openSinks([file], { lineOf: recordLine, fsync: 'none' });
  await sink.write(records(10));
  await sink.close();
  execFileSync(tool, ['-t', '-q', file]); // throws when it is not whole
});

function records(count: number): FetchRecord[] {
  return Array.from(
    { length: count },
    (_, index) =>
      new FetchRecord({
        index,
        id: String(Math.random()),
        url: 'https://example.com/ü',
        ok: true,
        attempts: 1,
        timing: { queue: 0, total: 1 },
        startedAt: 0,
      }),
  );
}

function missing(file: string): string {
  return `ENOENT: no such file or directory, open '${file}'`;
}

function folder(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-sinks-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}
