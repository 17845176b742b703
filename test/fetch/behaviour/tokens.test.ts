import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../e2e/scratch.ts';
import { createLatch } from '../../servers/latch.ts';
import { failOnLeaks } from '../../servers/leaks.ts';
import { scriptedServer, type Received } from '../../servers/scripted.ts';
import { until } from '../../servers/until.ts';
import { collect, fetchAll, fetchOne, paths, start } from './fetching.ts';
import { origins, toLoopback } from './names.ts';

failOnLeaks();

/** A command that prints `token-1`, `token-2` and so on, and what it has been through. */
function tokenCommand(print = 'echo token-$n', fail = 'false') {
  const folder = scratch({ runs: '' });
  const count = `echo >> ${folder}/runs; n=$(($(wc -l < ${folder}/runs)))`;
  const command = `${count}; if ${fail}; then echo "no account" >&2; exit 3; fi; ${print}`;
  return { command, runs: () => readFileSync(`${folder}/runs`, 'utf8').length };
}

const tokenOf = ({ headers }: Received) =>
  Number(/^Bearer token-(\d+)$/.exec(headers.authorization ?? '')?.[1]);
const refusal = { status: 401, body: 'who are you?' };

describe('--token-command', () => {
  it('runs once for all lanes that meet a 401 at once, whose tasks are sent again at no cost', async () => {
    const lanes = 50;
    const all = createLatch();
    let waiting = 0;
    await using server = await scriptedServer({
      '*': async (request) => {
        if (tokenOf(request) > 1) {
          return { body: 'welcome' };
        }
        if (++waiting === lanes) {
          all.open();
        }
        await all.opened;
        return refusal;
      },
    });
    const { command, runs } = tokenCommand();
    const run = start(paths(server.url, 200), {
      concurrency: lanes,
      retry: 0,
      method: 'POST',
      tokenCommand: command,
    });
    const records = await collect(run);
    expect(records.every(({ ok, attempts, body }) => ok && attempts === 1 && body === 'welcome')).toBe(true);
    expect(records).toHaveLength(200);
    expect(runs()).toBe(2);
    expect(server.received).toHaveLength(250); // nothing was sent with a token that was known to be refused
    expect(run.summary().retries).toBe(0);
  });

  it('sends what an older token was refused for again with the present one', async () => {
    const late = createLatch();
    await using server = await scriptedServer({
      '*': async (request) => {
        if (tokenOf(request) > 1) {
          late.open();
          return {};
        }
        if (request.target === '/0') {
          await late.opened;
        }
        return refusal;
      },
    });
    const { command, runs } = tokenCommand();
    const records = await fetchAll(paths(server.url, 4), { concurrency: 4, tokenCommand: command });
    expect(records.filter(({ ok, attempts }) => ok && attempts === 1)).toHaveLength(4);
    expect(runs()).toBe(2);
  });

  it('takes the second 401 for the answer, and renews for nobody for a while', async () => {
    await using server = await scriptedServer({ '*': refusal });
    const { command, runs } = tokenCommand();
    const records = await fetchAll(paths(server.url, 20), { concurrency: 5, tokenCommand: command });
    expect(records).toHaveLength(20);
    for (const { ok, status, attempts, body, error } of records) {
      expect({ ok, status, attempts, body, code: error?.code }).toEqual({
        ok: false,
        status: 401,
        attempts: 1,
        body: 'who are you?',
        code: 'HTTP_STATUS',
      });
    }
    expect(runs()).toBe(2);
  });

  it('that fails later makes the 401 the answer, and says so once', async () => {
    await using server = await scriptedServer({ '*': refusal });
    const { command, runs } = tokenCommand('echo token-$n', '[ $n -gt 1 ]');
    const warnings: string[] = [];
    const records = await fetchAll(paths(server.url, 20), {
      concurrency: 5,
      tokenCommand: command,
      onWarning: (message) => warnings.push(message),
    });
    expect(records.filter(({ status, body }) => status === 401 && body === 'who are you?')).toHaveLength(20);
    expect(warnings).toEqual(['--token-command: no new token: it exited with status 3: no account']);
    expect(runs()).toBe(2);
  });

  it('that fails at the start is a usage error', async () => {
    await using server = await scriptedServer({ '*': {} });
    const { command } = tokenCommand('', 'true');
    await expect(fetchOne(server.url, { tokenCommand: command })).rejects.toThrow(
      '--token-command: it exited with status 3: no account',
    );
    expect(server.received).toEqual([]);
  });

  it('renews in the background before a token ends', async () => {
    await using server = await scriptedServer({ '*': {} });
    const { command } = tokenCommand(String.raw`echo "{\"access_token\":\"token-$n\",\"expires_in\":0.05}"`);
    const urls = (async function* () {
      for (let at = 0; !server.received.some((request) => tokenOf(request) === 3); at++) {
        yield `${server.url}/${at}`;
        await until(() => server.received.length > at);
      }
    })();
    const records = await fetchAll(urls, { tokenCommand: command });
    expect(records.every(({ ok, attempts }) => ok && attempts === 1)).toBe(true);
  });

  it('gives tokens to the origins of the input only', async () => {
    await using server = await scriptedServer({
      '/0': () => ({ status: 302, headers: { location: `${b}/1` } }),
      '/1': refusal,
    });
    const [a, b] = origins(server.port, 2);
    const { command, runs } = tokenCommand();
    const record = await fetchOne(`${a}/0`, { tokenCommand: command, resolver: toLoopback });
    expect(record).toMatchObject({ ok: false, status: 401 });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer token-1',
      undefined,
    ]);
    expect(runs()).toBe(1);
  });

  it("leaves a task's own Authorization alone, and its 401 too", async () => {
    await using server = await scriptedServer({ '*': refusal });
    const { command, runs } = tokenCommand();
    const url = server.url.replace('http://', 'http://me:pw@');
    expect(await fetchOne(url, { tokenCommand: command })).toMatchObject({ status: 401, attempts: 1 });
    expect(server.received).toHaveLength(1);
    expect(runs()).toBe(1);
  });

  it('a task that waits for a token ends with its time, and the others go on', async () => {
    await using server = await scriptedServer({ '*': (request) => (tokenOf(request) > 1 ? {} : refusal) });
    const folder = scratch();
    const { command } = tokenCommand(
      `until [ $n = 1 -o -e ${folder}/go ]; do sleep 0.01; done; echo token-$n`,
    );
    const run = start(paths(server.url, 2), { concurrency: 1, tokenCommand: command, taskTimeout: 300 });
    const records = [];
    for await (const record of run) {
      records.push(record);
      writeFileSync(`${folder}/go`, '');
    }
    expect(records.map(({ error, ok }) => error?.code ?? ok)).toEqual(['TASK_TIMEOUT', true]);
  });

  it('a run that is drained meanwhile ends', async () => {
    await using server = await scriptedServer({ '*': refusal });
    const { command } = tokenCommand('[ $n = 1 ] || exec sleep 60; echo token-$n');
    const run = start(paths(server.url, 5), { concurrency: 2, tokenCommand: command });
    const records = collect(run);
    await until(() => server.received.length === 2 && run.stats().inFlight === 0);
    run.drain();
    expect((await records).map(({ error }) => error?.code)).toEqual(['ABORTED', 'ABORTED']);
  });
});

it('a run that is aborted while a token is awaited ends, without a word of the command', async () => {
  await using server = await scriptedServer({ '*': refusal });
  const { command } = tokenCommand('[ $n = 1 ] || exec sleep 60; echo token-$n');
  const abort = new AbortController();
  const warnings: string[] = [];
  const run = start(paths(server.url, 5), {
    tokenCommand: command,
    signal: abort.signal,
    onWarning: (message) => warnings.push(message),
  });
  const records = collect(run);
  await until(() => server.received.length > 0 && run.stats().inFlight === 0);
  abort.abort(new Error('enough'));
  await expect(records).rejects.toThrow('enough');
  expect(warnings).toEqual([]);
});

it('a run that is aborted while the first token is awaited ends', async () => {
  const abort = new AbortController();
  const run = start(['http://127.0.0.1:1/'], { tokenCommand: 'sleep 60', signal: abort.signal });
  const records = collect(run);
  abort.abort(new Error('enough'));
  await expect(records).rejects.toThrow('enough');
});
