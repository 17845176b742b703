import { once } from 'node:events';
import { expect, it } from 'vitest';
import { fetchOne } from '../fetch/behaviour/fetching.ts';
import { end, inTurn, reset, send, stall } from '../servers/acts.ts';
import { whole } from '../servers/answers.ts';
import { failOnLeaks } from '../servers/leaks.ts';
import { rawServer, type Act } from '../servers/raw.ts';

failOnLeaks();

const tooLarge = send(whole('no', ['Connection: close']).replace('200 OK', '413 Too Large'));
/** More than the buffers of both sides hold. */
const post = { method: 'POST', data: 'x'.repeat(8 * 1024 * 1024), timeout: 1000, retry: 0 };

/** Reads only the beginning of a request. */
function unread(act: Act): Act {
  return async (socket, connection) => {
    await once(socket, 'data');
    socket.pause();
    await act(socket, connection);
  };
}

it.each([
  ['closed', end()],
  ['cut', (socket) => void socket.destroy()],
  ['reset', reset()],
  ['left open', stall()],
] as [string, Act][])('an answer to a body that was not read is taken: %s', async (_, after) => {
  await using server = await rawServer(unread(inTurn(tooLarge, after)));
  expect(await fetchOne(server.url, post)).toMatchObject({ status: 413, body: 'no', attempts: 1 });
});

it('a body that nobody reads ends at its limit', async () => {
  await using server = await rawServer(unread(stall()));
  const { error, timing } = await fetchOne(server.url, post);
  expect(error?.code).toBe('TOTAL_TIMEOUT');
  expect(timing.total).toBeGreaterThanOrEqual(post.timeout);
});
