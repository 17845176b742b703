import { describe, expect, it } from 'vitest';
import { parseBytes, parseDuration, parseNumber, parseRate, parseShare } from '../../src/model/units.ts';

describe('parseDuration, in milliseconds', () => {
  it.each([
    ['10s', 10_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['3', 3000],
    ['0', 0],
    ['1.5s', 1500],
    ['.5', 500],
    [' 10S ', 10_000],
    ['', undefined],
    ['s', undefined],
    ['-1s', undefined],
    ['1.s', undefined],
    ['1e3', undefined],
    ['10 s', undefined],
    ['1h30m', undefined],
    ['1w', undefined],
  ])('%j', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe('parseBytes', () => {
  it.each([
    ['65536', 65_536],
    ['1b', 1],
    ['64k', 65_536],
    ['64KiB', 65_536],
    ['64kb', 64_000],
    ['2MiB', 2_097_152],
    ['2m', 2_097_152],
    ['2MB', 2_000_000],
    ['1g', 1_073_741_824],
    ['1GiB', 1_073_741_824],
    ['1gb', 1_000_000_000],
    ['1.5 KiB', 1536],
    ['0', 0],
    ['0.3', 0],
    ['', undefined],
    ['MiB', undefined],
    ['1ib', undefined],
    ['1ki', undefined],
    ['1tb', undefined],
    ['-1', undefined],
  ])('%j', (text, expected) => {
    expect(parseBytes(text)).toBe(expected);
  });
});

describe('parseRate, per second', () => {
  it.each([
    ['100/s', 100],
    ['100', 100],
    ['600/m', 10],
    ['600/min', 10],
    ['600/minute', 10],
    ['7200/h', 2],
    ['7200/Hour', 2],
    ['5/sec', 5],
    ['5/second', 5],
    ['0.5/s', 0.5],
    ['0/s', undefined],
    ['/s', undefined],
    ['5/', undefined],
    ['5/d', undefined],
    ['-5/s', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(parseRate(text)).toBe(expected);
  });
});

describe('parseShare', () => {
  it.each([
    ['20%', 0.2],
    ['0.2', 0.2],
    ['100%', 1],
    ['0', 0],
    [' 2.5% ', 0.025],
    ['%', undefined],
    ['-1%', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(parseShare(text)).toBe(expected);
  });
});

describe('parseNumber', () => {
  it.each([
    ['10', 10],
    [' 2.5 ', 2.5],
    ['0', 0],
    ['', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
    ['1234567890123456', undefined],
  ])('%j', (text, expected) => {
    expect(parseNumber(text)).toBe(expected);
  });
});
