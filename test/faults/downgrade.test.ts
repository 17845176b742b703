import { expect, it } from 'vitest';
import { fetchOne } from '../fetch/behaviour/fetching.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { scriptedServer } from '../servers/scripted.ts';
import { tlsServer } from '../servers/tls.ts';

failOnLeaks();

it.each([302, 307])('a redirect %d from https to http takes nothing of the user along', async (status) => {
  await using plain = await scriptedServer({ '*': { body: 'ok' } });
  await using secure = await tlsServer('good', { '*': { status, headers: { location: `${plain.url}/` } } });
  const record = await fetchOne(secure.url, {
    insecure: true,
    user: 'me:secret',
    header: ['Cookie: a=secret', 'X-Api-Key: secret', 'Accept-Language: de'],
  });
  expect(record).toMatchObject({ ok: true, finalUrl: `${plain.url}/` });
  expect(secure.received[0]!.rawHeaders.join(' ').match(/secret|Basic/g)).toHaveLength(3);
  expect(plain.received[0]!.rawHeaders.join(' ')).not.toMatch(/secret|Basic|me:/);
  expect(plain.received[0]!.headers['accept-language']).toBe('de');
});
