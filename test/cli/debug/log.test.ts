import { describe, expect, it } from 'vitest';
import { blockedEntry } from '../../../src/cli/debug/blocked.ts';
import type { Entry } from '../../../src/cli/debug/entry.ts';
import { createLog, type LogSettings } from '../../../src/cli/debug/log.ts';
import { redactor } from '../../../src/cli/redactor.ts';
import { logLevels, type LogLevel } from '../../../src/model/options/debug-options.ts';

const at = 1234.5;
const entry: Entry = {
  level: 'info',
  event: 'retry',
  at,
  text: 'task 1: again',
  fields: { id: '1', x: 1 / 3 },
};

/** The lines that a log of these settings makes of entries. */
function logged(settings: Partial<LogSettings>, ...entries: Entry[]): string[] {
  const lines: string[] = [];
  const log = createLog({ level: 'debug', format: 'text', put: (line) => lines.push(line), ...settings });
  entries.forEach((one) => log.write(one));
  return lines;
}

it('a line for a person has the time of day', () => {
  const time = new Date(performance.timeOrigin + at);
  const [line] = logged({}, entry);
  expect(line).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info task 1: again$/);
  expect(line?.slice(0, 8)).toBe(time.toTimeString().slice(0, 8));
});

it('a line for a program has time, level, event, fields and the sentence, in this order', () => {
  const [line] = logged({ format: 'json' }, entry);
  const time = new Date(performance.timeOrigin + at).toISOString();
  expect(line).toBe(
    `{"time":"${time}","level":"info","event":"retry","id":"1","x":0.333,"message":"task 1: again"}`,
  );
});

describe('each level has what is more urgent, too', () => {
  const entries = logLevels.map((level): Entry => ({ ...entry, level }));
  it.each<[LogLevel, number]>([
    ['error', 1],
    ['warn', 2],
    ['info', 3],
    ['debug', 4],
  ])('%s: %d', (level, count) => {
    expect(logged({ level }, ...entries)).toHaveLength(count);
  });
});

describe('whatever servers and inputs say', () => {
  const nasty = '\u{1b}[2J\u{9b}\u{202e}\u{2028}';
  const odd: Entry = { ...entry, text: nasty, fields: { url: nasty } };

  it('no terminal obeys it', () => {
    const [line] = logged({}, odd);
    expect(line).toMatch(/\\u\{1b\}\[2J\\u\{9b\}\\u\{202e\}\\u\{2028\}$/);
  });

  it('JSON stays JSON, and means the same', () => {
    const [line = ''] = logged({ format: 'json' }, odd);
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(JSON.parse(line)).toMatchObject({ url: nasty, message: nasty });
  });
});

it.each(['text', 'json'] as const)('secrets are in no line (%s)', (format) => {
  redactor.learn('s3cr3t "quoted"');
  const secret: Entry = { ...entry, text: 'has s3cr3t "quoted"', fields: { url: 's3cr3t "quoted"' } };
  expect(logged({ format }, secret).join()).not.toContain('s3cr3t');
  expect(logged({ format }, secret).join()).toContain('***');
});

it('what was asked for is shown whatever the level, for a person without a time', () => {
  const lines: string[] = [];
  const log = createLog({ level: 'error', format: 'text', put: (line) => lines.push(line) });
  log.show(entry);
  log.say('bulkfetch: a warning');
  expect(lines).toEqual(['task 1: again', 'bulkfetch: a warning']);
});

describe('a block of the event loop', () => {
  const frame = (name: string, file: string) => ({ name, file, line: 3, column: 14 });

  it('is told with what was running, but for what is Node itself', () => {
    const frames = [frame('hash', 'file:///home/ann/a%20b.ts'), frame('', '/x.js'), frame('run', 'node:x')];
    expect(blockedEntry({ blockedMs: 340.4, frames }, at)).toMatchObject({
      level: 'warn',
      text: 'event loop blocked for 340 ms at: hash (/home/ann/a b.ts:3:14), (anonymous) (/x.js:3:14)',
    });
  });

  it('of Node alone is told all the same', () => {
    const { text } = blockedEntry({ blockedMs: 340, frames: [frame('spawnSync', 'node:child_process')] }, at);
    expect(text).toBe('event loop blocked for 340 ms at: spawnSync (node:child_process:3:14)');
  });

  it('that nobody saw is told without', () => {
    const { text } = blockedEntry({ blockedMs: 340, frames: [] }, at);
    expect(text).toBe('event loop blocked for 340 ms, and it was over before one could look');
  });
});
