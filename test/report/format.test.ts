import { describe, expect, it } from 'vitest';
import * as format from '../../src/report/format.ts';

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [1_234_567, '1,234,567'],
    [-1234, '-1,234'],
    [1234.5678, '1,234.5678'],
  ])('%d is %s', (count, text) => expect(format.formatCount(count)).toBe(text));
});

describe('plural', () => {
  it.each([
    [0, '0 retries'],
    [1, '1 retry'],
    [2000, '2,000 retries'],
  ])('%d: %s', (count, text) => expect(format.plural(count, 'retry', 'retries')).toBe(text));
  it('adds an s where nothing else is said', () => expect(format.plural(2, 'task')).toBe('2 tasks'));
});

describe('formatDuration', () => {
  it.each([
    [0, '0.00 ms'],
    [0.354, '0.35 ms'],
    [9.99, '9.99 ms'],
    [9.996, '10.0 ms'],
    [42.12, '42.1 ms'],
    [99.96, '100 ms'],
    [812.3, '812 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [2030, '2.03 s'],
    [59_994, '59.99 s'],
    [59_996, '1 m 0 s'],
    [192_000, '3 m 12 s'],
    [3_599_600, '1 h 0 m'],
    [7_500_000, '2 h 5 m'],
    [7_199_900, '2 h 0 m'],
  ])('%d ms is %s', (ms, text) => expect(format.formatDuration(ms)).toBe(text));
});

describe('formatDurations', () => {
  it.each([
    [
      [10_020, 211],
      ['10.02 s', '0.21 s'],
    ],
    [
      [10_020, 2.5],
      ['10.02 s', '2.50 ms'],
    ],
    [
      [800, 120],
      ['800 ms', '120 ms'],
    ],
    [
      [200_000, 1200],
      ['3 m 20 s', '1.20 s'],
    ],
  ])('%j', (durations, texts) => expect(format.formatDurations(durations)).toEqual(texts));
});

describe('formatClock', () => {
  it.each([
    [0, '0:00'],
    [7400, '0:07'],
    [59_600, '1:00'],
    [725_000, '12:05'],
    [3_723_000, '1:02:03'],
  ])('%d ms is %s', (ms, text) => expect(format.formatClock(ms)).toBe(text));
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1_468_006, '1.4 MiB'],
    [1024 ** 2 - 1, '1 MiB'],
    [5000 * 1024 ** 5, '5,000 PiB'],
  ])('%d is %s', (bytes, text) => expect(format.formatBytes(bytes)).toBe(text));
});

describe('formatRate', () => {
  it.each([
    [0, '0'],
    [0.42, '0.4'],
    [47.28, '47.3'],
    [99.96, '100'],
    [60_123.4, '60,123'],
  ])('%d is %s', (rate, text) => expect(format.formatRate(rate)).toBe(text));
});

describe('formatShare', () => {
  it.each([
    [0, '0 %'],
    [0.0001, '<0.1 %'],
    [0.0123, '1.2 %'],
    [0.12, '12 %'],
    [0.9999, '>99 %'],
    [1, '100 %'],
    [1.04, '104 %'],
  ])('%d is %s', (share, text) => expect(format.formatShare(share)).toBe(text));
});

describe('bar', () => {
  it.each([
    [0, ''],
    [0.0001, '▏'],
    [0.5, '████'],
    [0.55, '████▍'],
    [1, '████████'],
    [7, '████████'],
  ])('%d of 8 columns: %s', (share, text) => expect(format.bar(share, 8)).toBe(text));
});

describe('alignColumns', () => {
  it('aligns each column its own way and leaves no trailing blanks', () => {
    const rows = [
      ['1', 'a', 'x'],
      ['100', 'bcd', ''],
    ];
    expect(format.alignColumns(rows, '><<')).toEqual(['  1  a    x', '100  bcd']);
  });
  it('takes no rows', () => expect(format.alignColumns([], '<>')).toEqual([]));
});
