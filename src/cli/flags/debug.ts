import type { Flag } from './flag.ts';

/** What a run tells of itself while it runs. */
export const debugFlags = {
  debug: {
    flags: '--debug',
    about: 'log on standard error what the run does, and what blocks its event loop',
  },
  logLevel: {
    flags: '--log-level <level>',
    about: 'how much that log says: error, warn, info or debug',
    fallback: 'debug',
  },
  logFormat: { flags: '--log-format <format>', about: 'text or json (JSON Lines)', fallback: 'text' },
  slowCallback: {
    flags: '--slow-callback <time>',
    about: 'tell what blocks the event loop for longer',
    fallback: '100ms',
  },
  trace: {
    flags: '--trace <file>',
    about: 'write the run as trace events, for Perfetto or chrome://tracing (.gz, .zst: compressed)',
  },
} as const satisfies Record<string, Flag>;
