import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress, type Progress, type Watched } from '../../src/cli/progress.ts';
import type { EngineStats } from '../../src/model/stats.ts';

const hideCursor = '␛[?25l';
const showCursor = '␛[?25h';

let stats: EngineStats;
let written: string[];
let progress: Progress;

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  stats = {
    read: 100,
    sourceEnded: false,
    waiting: 0,
    inFlight: 5,
    finished: 0,
    requests: 0,
    retries: 0,
    sockets: 5,
  };
});

afterEach(() => {
  progress.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** The timers that are made meanwhile. No spy: when it goes, the fake timers no longer know their own. */
function timersMade(name: 'setTimeout' | 'setInterval') {
  const fake: typeof setTimeout | typeof setInterval = globalThis[name];
  const made: NodeJS.Timeout[] = [];
  const noting = (action: () => void, ms?: number) => {
    const timer = fake(action, ms);
    made.push(timer);
    return timer;
  };
  Object.assign(globalThis, { [name]: noting });
  return { made, [Symbol.dispose]: () => void Object.assign(globalThis, { [name]: fake }) };
}

function fakeStream(isTTY: boolean): NodeJS.WriteStream {
  return Object.assign(Object.create(WriteStream.prototype), {
    isTTY,
    columns: 120,
    write: (text: string) => written.push(text) > 0,
  });
}

function start(isTTY: boolean, more: Partial<Watched> = {}): void {
  progress = startProgress({
    stream: fakeStream(isTTY),
    stats: () => stats,
    failed: () => 0,
    total: () => undefined,
    ...more,
  });
}

/** What was written since the last call, the escape character made visible. */
function output(): string {
  return written.splice(0).join('').replaceAll('\u001b', '␛');
}

describe('on a terminal', () => {
  async function startDrawing(more: Partial<Watched> = {}): Promise<void> {
    start(true, more);
    await vi.dynamicImportSettled();
    vi.advanceTimersByTime(100);
  }

  it('hides the cursor, redraws ten times a second, and gives the cursor back', async () => {
    await startDrawing();
    expect(output()).toContain(hideCursor);
    stats = { ...stats, finished: 40 };
    vi.advanceTimersByTime(100);
    expect(output()).toContain(' 40 done · ');
    progress.stop();
    expect(output()).toMatch(/␛\[\?25h.*␛\[0?J$/s);
    vi.advanceTimersByTime(1000);
    expect(output()).toBe('');
  });

  it('draws a bar once the total is known', async () => {
    await startDrawing();
    expect(output()).not.toContain('%');
    stats = { ...stats, finished: 25, sourceEnded: true };
    vi.advanceTimersByTime(100);
    expect(output()).toMatch(/█░+ 25\/100 25 % · /);
  });

  it('believes the total that the sources know', async () => {
    stats = { ...stats, finished: 25 };
    await startDrawing({ total: () => 50 });
    expect(output()).toContain('25/50 50 %');
  });

  it('keeps one column free', async () => {
    await startDrawing({ total: () => 50 });
    expect(output()).toMatch(/␛\[1G[^␛]{10,119}␛/);
  });

  it('writes logged lines whole, above the line it draws again', async () => {
    await startDrawing();
    output();
    progress.log(`line 7: ${'x'.repeat(300)}`);
    progress.log('line 8');
    vi.advanceTimersByTime(100);
    expect(output()).toMatch(/␛\[2Kline 7: x{300}\nline 8\n.*0 done · /s);
  });

  it('loses no line logged before the first redraw, just before the end, or after it', async () => {
    start(true);
    progress.log('early');
    expect(output()).toBe('early\n');
    await vi.dynamicImportSettled();
    progress.log('late');
    progress.stop();
    expect(output()).toContain('late\n');
    progress.log('too late');
    expect(output()).toBe('too late\n');
  });

  it('keeps no process alive', async () => {
    using timers = timersMade('setTimeout');
    await startDrawing();
    vi.advanceTimersByTime(500);
    expect(timers.made.length).toBeGreaterThan(5);
    expect(timers.made.map((timer) => timer.hasRef())).not.toContain(true);
  });

  it('draws nothing when stopped before it could start', async () => {
    start(true);
    progress.stop();
    await vi.dynamicImportSettled();
    vi.advanceTimersByTime(1000);
    expect(output()).toBe('');
  });

  it('gives the cursor back once, however often it is stopped', async () => {
    await startDrawing();
    progress.stop();
    progress.stop();
    expect(output().split(showCursor)).toHaveLength(2);
  });

  it('gives the cursor back when the process exits under it', async () => {
    const before = process.listeners('exit');
    await startDrawing();
    output();
    for (const listener of process.listeners('exit').filter((added) => !before.includes(added))) {
      listener.call(process, 130);
    }
    expect(output()).toContain(showCursor);
    expect(process.listeners('exit')).toEqual(before);
  });

  it('shows the speed of the last five seconds', async () => {
    await startDrawing();
    for (let second = 0; second < 8; second += 1) {
      vi.advanceTimersByTime(1000);
    }
    output();
    stats = { ...stats, finished: 500 };
    vi.advanceTimersByTime(100);
    expect(output()).toMatch(/ 500 done · (98|99|100)(\.\d)?\/s /);
    vi.advanceTimersByTime(6000);
    stats = { ...stats, inFlight: 4 };
    output();
    vi.advanceTimersByTime(100);
    expect(output()).toContain(' 500 done · 0/s · 4 in flight');
  });
});

describe('anywhere else', () => {
  it('writes a plain line every two seconds, and logged lines at once', () => {
    start(false, { total: () => 50, failed: () => 2 });
    progress.log('line 7: not a URL');
    expect(output()).toBe('line 7: not a URL\n');
    stats = { ...stats, finished: 10 };
    vi.advanceTimersByTime(1999);
    expect(output()).toBe('');
    vi.advanceTimersByTime(1);
    expect(output()).toBe('10/50 20 % · 5/s · 5 in flight · 2 failed · 0:08 left\n');
  });

  it('keeps no process alive', () => {
    using timers = timersMade('setInterval');
    start(false);
    expect(timers.made.map((timer) => timer.hasRef())).toEqual([false]);
  });
});
