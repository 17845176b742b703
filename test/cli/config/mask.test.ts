import { expect, it } from 'vitest';
import { masked } from '../../../src/cli/config/mask.ts';
import type { SecretPart } from '../../../src/cli/flags/flag.ts';

it.each<[part: SecretPart, value: string, shown: string]>([
  ['all', 's3cr3t', '***'],
  ['all', '', ''],
  ['all', '${TOKEN}', '${TOKEN}'],
  ['all', 'a${TOKEN}b', '***${TOKEN}***'],
  ['all', '${not a name}', '***'],
  ['all', 'line\nline', '***'],
  ['password', 'ada:s3cr3t:more', 'ada:***'],
  ['password', 'ada:${PASSWORD}', 'ada:${PASSWORD}'],
  ['password', 'ada', 'ada'],
  ['field', 'Authorization: Bearer s3cr3t', 'Authorization: Bearer ***'],
  ['field', 'authorization:s3cr3t', 'authorization:***'],
  ['field', 'Authorization: Bearer ${TOKEN}', 'Authorization: Bearer ${TOKEN}'],
  ['field', 'Cookie: a=s3cr3t: b', 'Cookie: ***'],
  ['field', 'X-Api-Key: s3cr3t', 'X-Api-Key: ***'],
  ['field', 'X-Auth-Token: s3cr3t', 'X-Auth-Token: ***'],
  ['field', 'Accept: text/html', 'Accept: text/html'],
  ['field', 'Referer: http://h/token', 'Referer: http://h/token'],
  ['field', 'Authorization:', 'Authorization:'],
  ['userinfo', 'http://ada:s3cr3t@proxy:80', 'http://***@proxy:80'],
  ['userinfo', 'ada:s3@cr3t@proxy:80', '***@proxy:80'],
  ['userinfo', 'socks5://${WHO}@proxy', 'socks5://${WHO}@proxy'],
  ['userinfo', 'proxy:80', 'proxy:80'],
])('%s of %j is shown as %j', (secret, value, shown) => {
  expect(masked(value, { flags: '--x <y>', about: '', secret })).toBe(shown);
});

it('every item of a list, and nothing where there is no secret', () => {
  expect(masked(['a', 'b'], { flags: '--x <y>', about: '', secret: 'all' })).toEqual(['***', '***']);
  expect(masked(['a', 'b'], { flags: '--x <y>', about: '' })).toEqual(['a', 'b']);
});
