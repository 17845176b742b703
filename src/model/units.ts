/** A length of time in milliseconds. */
export type Milliseconds = number;
/** A size in bytes. */
export type Bytes = number;
/** Events in a second. */
export type PerSecond = number;

/** Node's timers hold no more: one that is to wait longer would not wait at all. 24.8 days. */
export const longestTimer: Milliseconds = 2 ** 31 - 1;

/** The time that a timer is given: rounded up, for Node cuts fractions off and would be early. */
export function timerDelay(delayMs: Milliseconds): Milliseconds {
  return Math.min(Math.ceil(delayMs), longestTimer);
}

const durations = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const sizes = {
  '': 1,
  b: 1,
  k: 1024,
  kb: 1000,
  kib: 1024,
  m: 1024 ** 2,
  mb: 1000 ** 2,
  mib: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1000 ** 3,
  gib: 1024 ** 3,
} as const;
const periods = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600 } as const;

/** The accepted forms, for error messages. */
export const forms = {
  count: 'a whole number of at least 1',
  countFrom0: 'a whole number of at least 0',
  factor: 'a number of at least 1',
  duration: 'a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds)',
  bytes: 'a size such as 65536, 64KiB or 2MiB',
  rate: 'a rate such as 100/s, 600/m or 5000/h (a bare number is per second)',
  share: 'a share such as 20% or 0.2',
} as const;

/** `10s`, `500ms`, `2m`, `1h`; a bare number is seconds, as with curl. Undefined: not a duration. */
export function parseDuration(text: string): Milliseconds | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h|d)?$/i.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * pick(durations, match[2] ?? 's');
}

/** `65536`, `64KiB`, `2MiB`, `10MB`; k, m and g alone are powers of 1024, as with curl. */
export function parseBytes(text: string): Bytes | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmg]?i?b?)$/i.exec(text.trim());
  if (match === null || !Object.hasOwn(sizes, match[2]!.toLowerCase())) {
    return undefined;
  }
  return Math.round(Number(match[1]) * pick(sizes, match[2]!));
}

/** `100/s`, `600/m`, `5000/h`; a bare number is per second. Undefined: not a rate above zero. */
export function parseRate(text: string): PerSecond | undefined {
  const match = /^(\d+(?:\.\d+)?)(?:\/(s|sec|second|m|min|minute|h|hour))?$/i.exec(text.trim());
  const rate = match === null ? 0 : Number(match[1]) / pick(periods, match[2] ?? 's');
  return rate > 0 ? rate : undefined;
}

/** `20%` or `0.2`, as a fraction of one. */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  return match === null ? undefined : Number(match[1]) / (match[2] === '%' ? 100 : 1);
}

function pick(table: Readonly<Record<string, number>>, unit: string): number {
  return table[unit.toLowerCase()]!;
}

/** A plain decimal number. */
export function parseNumber(text: string): number | undefined {
  return /^\d{1,15}(?:\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
