import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli } from './cli.ts';
import { scratch } from './scratch.ts';

const sidecar = '{"bulkfetch":1,"version":"0.1.0","input":[],"options":{}}\n';
const records = [
  '{"index":0,"id":"0","url":"http://a/0","ok":true,"status":200}\n',
  '{"index":1,"id":"1","url":"http://a/1","ok":false,"error":{"kind":"dns","code":"DNS_FAILED","message":"no"}}\n',
  '{"index":2,"id":"2","url":"http://a/2","ok":false,"error":{"kind":"dns","code":"DNS_FAILED","message":"no"}}\n',
  '{"index":3,"id":"3","url":"http://a/3","ok":false,"error":{"kind":"timeout","code":"TOTAL_TIMEOUT"}}\n',
].join('');

async function status(files: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const {
    status: exit,
    stdout,
    stderr,
  } = await cli(['status', 'out.jsonl', ...flags], { cwd: scratch(files) });
  return { exit, stdout, stderr };
}

describe('bulkfetch status', () => {
  it('tells what is done, what failed and what is missing', async () => {
    const out = `${records}{"index":4,"id":"4`;
    const notes = '{"total":10}\n{"sent":[3,5]}\n';
    expect(await status({ 'out.jsonl': out, 'out.jsonl.bulkfetch': sidecar + notes })).toEqual({
      exit: 1,
      stdout: [
        'out.jsonl: 4 of 10 tasks done: 1 ok · 3 failed (not complete)',
        '  2 ×  DNS_FAILED',
        '  1 ×  TOTAL_TIMEOUT',
        '6 missing',
        '1 may have been sent, and have no record',
        'the last line is torn',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('ends with 0 when nothing is missing, whatever has failed', async () => {
    const files = { 'out.jsonl': records, 'out.jsonl.bulkfetch': `${sidecar}{"total":4}\n` };
    expect(await status(files)).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('3 failed (complete)'),
    });
  });

  it('does not know what is missing of a run whose input was not read to its end', async () => {
    const { exit, stdout } = await status({ 'out.jsonl': records, 'out.jsonl.bulkfetch': sidecar });
    expect(exit).toBe(1);
    expect(stdout).toContain('out.jsonl: 4 tasks done: 1 ok · 3 failed (not complete)');
    expect(stdout).toContain('how many are missing is not known');
  });

  it('of an output without a sidecar, as --omit-dropped leaves it, does not say that it is not complete', async () => {
    expect(await status({ 'out.jsonl': records })).toMatchObject({
      exit: 1,
      stdout: [
        'out.jsonl: 4 tasks done: 1 ok · 3 failed (complete or not)',
        '  2 ×  DNS_FAILED',
        '  1 ×  TOTAL_TIMEOUT',
        'how many are missing is not known: there is no out.jsonl.bulkfetch to tell it, as after --omit-dropped',
        '',
      ].join('\n'),
    });
    const { stdout } = await status({ 'out.jsonl': `${records}{"torn` });
    expect(stdout).toContain('(not complete)');
  });

  it('gives all that as JSON', async () => {
    const files = { 'out.jsonl': records + records, 'out.jsonl.bulkfetch': `${sidecar}{"total":5}\n` };
    const { stdout } = await status(files, '--format', 'json');
    expect(JSON.parse(stdout)).toEqual({
      output: 'out.jsonl',
      complete: false,
      running: false,
      total: 5,
      done: 4,
      ok: 1,
      failed: 3,
      failures: { DNS_FAILED: 2, TOTAL_TIMEOUT: 1 },
      missing: 1,
      unfinished: 0,
      maybeSent: 0,
      torn: false,
      duplicates: 4,
    });
  });

  it.each([
    [{}, 'bulkfetch: out.jsonl: no such file\n'],
    [{ 'out.jsonl': 'x\n' }, 'bulkfetch: out.jsonl:1: no record with an index\n'],
  ])('says what is no output: %j', async (files, stderr) => {
    expect(await status(files)).toEqual({ exit: 2, stdout: '', stderr });
  });

  it('changes nothing', async () => {
    const cwd = scratch({ 'out.jsonl': `${records}{"torn` });
    await cli(['status', 'out.jsonl'], { cwd });
    expect(fs.readdirSync(cwd)).toEqual(['out.jsonl']);
    expect(fs.readFileSync(path.join(cwd, 'out.jsonl'), 'utf8')).toBe(`${records}{"torn`);
  });
});
