import * as z from 'zod/mini';
import { duration } from './forms.ts';

/** How much a log says: each level has what the ones before it have. */
export type LogLevel = (typeof logLevels)[number];

/** From the least to the most. */
export const logLevels = ['error', 'warn', 'info', 'debug'] as const;

/** How the lines of a log are written. */
export type LogFormat = (typeof logFormats)[number];

const logFormats = ['text', 'json'] as const;

/** What a run tells of itself while it runs. */
export const debugShape = {
  /** A log on standard error, and a watch over the event loop. */
  debug: z._default(z.boolean(), false),
  /** How much the log says; absent: all. */
  logLevel: z.optional(z.enum(logLevels, { error: 'must be error, warn, info or debug' })),
  /** How; absent: as text. */
  logFormat: z.optional(z.enum(logFormats, { error: 'must be text or json' })),
  /** The event loop may be blocked for so long before it is told; absent: 100 ms. */
  slowCallback: z.optional(duration),
  /** File of the run as trace events. */
  trace: z.optional(z.string()),
};
