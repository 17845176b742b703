import { toDatabaseFlags } from './databases.ts';
import type { Flag } from './flag.ts';

/** What a run writes. */
export const outputFlags = {
  output: {
    flags: '-o, --output <file>',
    about: 'write records there instead of standard output (.gz, .zst: compressed); repeatable',
    repeats: true,
  },
  ...toDatabaseFlags,
  fields: {
    flags: '--fields <paths>',
    about: 'only these fields, as in id,status,body.items[0].id',
  },
  includeHeaders: { flags: '--include-headers', about: 'every header field of the answers in records' },
  saveDir: { flags: '--save-dir <dir>', about: 'save bodies there; records name the file instead' },
  saveName: {
    flags: '--save-name <what>',
    about: 'what those files are named after: id, hash or url',
    fallback: 'id',
  },
  fsync: {
    flags: '--fsync <when>',
    about: 'have lines survive the death of the machine: none, interval (each second) or each (write)',
    fallback: 'none',
  },
  resume: {
    flags: '--resume',
    about: 'go on with a run that was stopped or killed: fetch what the output lacks',
  },
  retryFailed: {
    flags: '--retry-failed [causes]',
    about: 'then fetch again what has failed: all, or as in timeout,status=503',
  },
  resendUnknown: {
    flags: '--resend-unknown',
    about: 'then send again what may have been sent (POST and PATCH)',
  },
  summary: { flags: '--summary <file>', about: 'write the summary there as JSON' },
  progress: {
    flags: '--progress',
    about: 'show progress even when standard error is no terminal',
    negatable: 'show no progress',
  },
  quiet: { flags: '-q, --quiet', about: 'no progress and no summary on standard error' },
} as const satisfies Record<string, Flag>;
