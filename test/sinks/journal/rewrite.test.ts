import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordLine } from '../../../src/model/line.ts';
import { replaceFile } from '../../../src/sinks/journal/replace.ts';
import { rewrite } from '../../../src/sinks/journal/rewrite.ts';
import { inChunks, record, refused } from './outputs.ts';

function fileWith(text: string): string {
  const directory = fs.mkdtempSync(path.join(tmpdir(), 'bulkfetch-rewrite-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true }));
  const file = path.join(directory, 'out');
  fs.writeFileSync(file, text);
  return file;
}

const lines = Array.from({ length: 100 }, (_, index) =>
  recordLine(record(index, index % 7 === 0 ? refused : {})),
);

describe('rewrite', () => {
  it.each([
    ['plain', undefined, (bytes: Buffer) => bytes],
    ['gzip', 'gzip', zlib.gunzipSync],
    ['zstd', 'zstd', zlib.zstdDecompressSync],
  ] as const)('keeps the whole lines that are wanted, %s', async (_, compression, decode) => {
    const file = fileWith('');
    const text = {
      name: file,
      chunks: inChunks(Buffer.from(`${lines.join('')}{"torn`), 999),
      hasFiles: false,
    };
    await rewrite(file, text, compression, ({ ok }) => ok);
    expect(String(decode(fs.readFileSync(file)))).toBe(lines.filter((_, index) => index % 7 !== 0).join(''));
    expect(fs.readdirSync(path.dirname(file))).toEqual(['out']);
  });
});

describe('replaceFile', () => {
  it('leaves the old file when the new one cannot be written', async () => {
    const file = fileWith('old');
    const fault = new Error('no');
    await expect(
      replaceFile(file, async (to) => {
        await to.write(Buffer.from('new'));
        throw fault;
      }),
    ).rejects.toBe(fault);
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(fs.readdirSync(path.dirname(file))).toEqual(['out']);
  });

  it('keeps mode and links', async () => {
    const file = fileWith('old');
    fs.chmodSync(file, 0o640);
    const link = path.join(path.dirname(file), 'link');
    fs.symlinkSync('out', link);
    await replaceFile(link, (to) => to.write(Buffer.from('new')));
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(fs.statSync(file).mode & 0o777).toBe(0o640);
  });
});
