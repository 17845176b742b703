import { expect, it } from 'vitest';
import { tlsServer } from '../servers/tls.ts';
import { cli, lines } from './cli.ts';

// In two processes, so that an answer can be there before the client has heard that its request is out.
it.each([[[]], [['--json', '{"a":1}']]])(
  'a TLS connection carries one exchange after the other %j',
  async (flags) => {
    await using server = await tlsServer('good', { '*': { body: 'ok' } });
    const { stdout } = await cli([`${server.url}/[1-500]`, '-k', '-c', '5', ...flags]);
    expect(lines(stdout)).toHaveLength(500);
    expect(server.sockets.total).toBe(5);
  },
);
