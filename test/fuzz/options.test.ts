import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { runFlags, type Flag } from '../../src/cli/flags/index.ts';
import { isSwitch, longName } from '../../src/cli/flags/flag.ts';
import { attributeName, runOptions } from '../../src/cli/options.ts';
import { openCookies } from '../../src/fetch/identity/cookies.ts';
import { UsageError } from '../../src/model/errors.ts';
import { buildRequest } from '../../src/model/request.ts';
import { resolveRunOptions } from '../../src/model/options/run-options.ts';
import { parseIds } from '../../src/sources/urls/ids.ts';
import { parseUriTemplate } from '../../src/sources/templates/uri-template.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { orRejected } from './rejects.ts';

const value = damaged(
  fc.constantFrom(
    '5',
    '1.5',
    '10s',
    '2MiB',
    '100/s',
    '20%',
    'auto',
    'timeout,429',
    '3/16',
    'id,body.a[0]',
    'c={$.n}',
    'Name: s3cret',
    'a=s3cret',
    'u:s3cret',
    '{"a":"s3cret"}',
    'http://u:s3cret@h:1',
    'h:1:::1',
    '10.0.0.0/8',
    '${HOME}',
    '@/dev/null',
    'http://h/{id}',
    'sha256',
  ),
  [
    ...'0123456789.,:;/-+%=@[]{}"\' '.split(''),
    'ms',
    'KiB',
    '/s',
    '${',
    '${UNSET}',
    '1e5',
    '999999999999',
    's3cret',
  ],
).filter((text) => !text.startsWith('@-')); // standard input

/** What no message has: where the secret of that kind would stand in it. */
const leaks = { all: 's3cret', password: 's3cret', field: ': s3cret', userinfo: ':s3cret@' } as const;

describe.each(Object.entries<Flag>(runFlags).filter(([, flag]) => !isSwitch(flag)))('%s', (key, flag) => {
  const own = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const leak = key === 'json' ? 'valid JSON.*s3cret' : flag.secret && leaks[flag.secret];
  const naming = new RegExp(
    `^--(?:${longName(flag)}|${own})\\b${leak === undefined ? '' : `(?!.*${leak})`}`,
    's',
  );

  fuzz(
    'takes a text or refuses it by its own name, and tells no secret',
    value,
    async (text) => {
      const options = orRejected(() => {
        const given = runOptions({ [attributeName(flag)]: flag.repeats === true ? [text] : text });
        const options = resolveRunOptions(given);
        buildRequest(options);
        parseUriTemplate(options.url ?? '');
        parseIds(options.ids ?? '1');
        return options;
      }, naming);
      if (options !== undefined && key === 'cookie') {
        await openCookies(options).catch((error: unknown) => expect(error).toBeInstanceOf(UsageError));
      }
    },
    4,
  );
});
