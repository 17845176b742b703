import type { Flag } from './flag.ts';

/** What becomes of answers. */
export const answerFlags = {
  body: {
    flags: '--body <form>',
    about: 'bodies in records: auto, text, json, base64 or none',
    fallback: 'auto',
  },
  maxBody: {
    flags: '--max-body <size>',
    about: 'longest body, counted after decoding',
    fallback: '16MiB',
  },
  ordered: {
    flags: '--ordered',
    about: 'records in input order instead of order of completion',
  },
} as const satisfies Record<string, Flag>;
