import fs from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import {
  noteTotal,
  readSidecar,
  sidecarOf,
  sidecarText,
  type Sidecar,
} from '../../../src/sinks/journal/sidecar.ts';

function folder(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'bulkfetch-sidecar-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

function written(text: string): string {
  const file = path.join(folder(), 'out.jsonl.bulkfetch');
  fs.writeFileSync(file, text);
  return file;
}

const sidecar: Sidecar = {
  header: {
    bulkfetch: 1,
    version: '0.1.0',
    input: [{ url: 'ab12' }, { file: 'a.txt', bytes: 3, sha256: 'cd' }, { stream: true }],
    options: { skip: 'ef' },
  },
  total: 10,
  sent: [1, [2, 3]],
};

it('is read as it was written', () => {
  expect(readSidecar(written(sidecarText(sidecar)))).toEqual(sidecar);
});

it('has the last total and all marks', () => {
  const file = written(sidecarText(sidecar));
  fs.appendFileSync(file, '{"sent":[7]}\n');
  noteTotal(file, 12);
  fs.appendFileSync(file, '{"sent":[8,[9,2]]}\n{"sent":[10');
  expect(readSidecar(file)).toEqual({ ...sidecar, total: 12, sent: [1, [2, 3], 7, 8, [9, 2]] });
});

it('cut at any byte is none, or lacks its last lines', () => {
  const text = sidecarText(sidecar);
  const whole = text.split('\n').map((line) => line.length + 1);
  for (let cut = 0; cut < text.length; cut++) {
    expect(readSidecar(written(text.slice(0, cut)))).toEqual(
      cut < whole[0]!
        ? undefined
        : { ...sidecar, total: cut < whole[0]! + whole[1]! ? undefined : 10, sent: [] },
    );
  }
});

it.each([
  ['nonsense\n', ':1'],
  ['{"bulkfetch":2}\n', ':1'],
  [`${sidecarText(sidecar)}{"sent":["a"]}\n`, ':4'],
])('%j is refused with its line', (text, place) => {
  const file = written(text);
  expect(() => readSidecar(file)).toThrow(
    new UsageError(`${file}${place}: not a line of a sidecar of bulkfetch`),
  );
});

it('is the same for all names of an output', () => {
  const directory = folder();
  const file = path.join(directory, 'out.jsonl');
  const link = path.join(directory, 'link.jsonl');
  fs.symlinkSync(file, link);
  expect(sidecarOf(file)).toBe(`${file}.bulkfetch`);
  fs.writeFileSync(file, '');
  expect(sidecarOf(link)).toBe(`${fs.realpathSync(directory)}/out.jsonl.bulkfetch`);
});
