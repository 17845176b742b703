import { expect, it } from 'vitest';
import { answering, http2Server } from '../servers/http2.ts';
import { cli, lines } from './cli.ts';

it('--http2 has everything on one connection, and records say so', async () => {
  await using server = await http2Server(answering());
  const { status, stdout } = await cli([`${server.url}/[1-200]`, '-k', '--http2', '-c', '20']);
  expect(status).toBe(0);
  const records = lines(stdout);
  expect(records).toHaveLength(200);
  expect(records[0]).toMatchObject({ ok: true, status: 200, httpVersion: '2', body: 'ok' });
  expect(server.sockets.total).toBe(1);
});
