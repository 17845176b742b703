import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { until } from '../servers/until.ts';
import { cli, ended, lines, sorted, startCli } from './cli.ts';
import { scratch } from './scratch.ts';

const server = await scriptedServer({ '*': ({ body }) => ({ body }) });
const { url } = server;
afterAll(() => server.close());

/** What came at a path: each test has its own. */
function received(prefix: string) {
  return server.received.filter(({ target }) => target.startsWith(prefix));
}

describe('--url', () => {
  it('makes requests of the rows of a CSV file', async () => {
    const cwd = scratch({
      'users.csv':
        'id,name,email,tenant,age\n' +
        '17,"Ada ""the"" Hopper",ada@x.org,acme,36\n' +
        '18,{name},b&b@x.org,"acme\r\nX-Admin: 1",1\n' +
        '19\n' +
        '20,Bö,c@x.org,ü,007\n',
    });
    const json = '{"email":"{email}","age":{age},"by":"{name}"}';
    const fields = ['-H', 'X-Tenant: {tenant}', '-H', 'X-Same: same'];
    const { status, stdout, stderr } = await cli(
      ['users.csv', '-q', '--url', `${url}/csv/{id}{?name}`, '-X', 'PUT', '--json', json, ...fields],
      { cwd },
    );
    expect(status).toBe(1);
    expect(stderr).toBe(
      'bulkfetch: users.csv:3: tenant cannot stand in a header field: it must be of Latin-1 characters without line breaks\n' +
        'bulkfetch: users.csv:5: the row has 1 field, and the header 5\n',
    );
    const records = sorted(stdout);
    expect(records.map(({ id, error }) => [id, error?.code])).toEqual([
      ['17', undefined],
      ['18', 'INVALID_ROW'],
      ['2', 'INVALID_ROW'],
      ['20', undefined],
    ]);
    expect(records[3]).toMatchObject({
      meta: { id: '20', name: 'Bö', email: 'c@x.org', tenant: 'ü', age: '007' },
    });
    const requests = received('/csv/').toSorted((a, b) => a.target.localeCompare(b.target));
    expect(
      requests.map(({ method, target, headers, body }) => ({
        method,
        target,
        tenant: headers['x-tenant'],
        same: headers['x-same'],
        type: headers['content-type'],
        body: JSON.parse(body) as unknown,
      })),
    ).toEqual([
      {
        method: 'PUT',
        target: '/csv/17?name=Ada%20%22the%22%20Hopper',
        tenant: 'acme',
        same: 'same',
        type: 'application/json',
        body: { email: 'ada@x.org', age: 36, by: 'Ada "the" Hopper' },
      },
      {
        method: 'PUT',
        target: '/csv/20?name=B%C3%B6',
        tenant: 'ü',
        same: 'same',
        type: 'application/json',
        body: { email: 'c@x.org', age: '007', by: 'Bö' },
      },
    ]);
  });

  it('reads rows from standard input, and fetches each as it comes', async () => {
    const run = startCli(['-', '--input-format', 'csv', '--url', `${url}/live/{id}`, '-d', 'q={q}', '-q']);
    run.stdin.write('id,q\n1,a b\n');
    await until(() => received('/live/1').length === 1);
    run.stdin.end('2,c\n');
    const { status, stdout } = await ended(run);
    expect(status).toBe(0);
    expect(sorted(stdout).map(({ id, body }) => [id, body])).toEqual([
      ['1', 'q=a+b'],
      ['2', 'q=c'],
    ]);
  });

  it('takes what comes from the environment as it is', async () => {
    const { status } = await cli(
      ['-', '-q', '--url', `${url}/secret/{line}`, '-H', 'X-Key: ${KEY}-{line}', '--json', '{"k":"${KEY}"}'],
      { stdin: '1\n', env: { KEY: 'a{line}"b' } },
    );
    expect(status).toBe(0);
    const [request] = received('/secret/');
    expect(request?.headers['x-key']).toBe('a{line}"b-1');
    expect(JSON.parse(request!.body)).toEqual({ k: 'a{line}"b' });
  });

  it.each<[string, string[], string]>([
    [
      'a column that is not there',
      ['--url', `${url}/never/{idd}`],
      '--url: {idd} is no column of users.csv (its columns are id, q)',
    ],
    [
      'no --url',
      [],
      'users.csv: there is no column url, and no --url that makes URLs of rows (its columns are id, q)',
    ],
    [
      'a URL beside it',
      ['--url', `${url}/never/{id}`, 'http://a/'],
      '--url makes URLs of rows, from a file or -, and http://a/ is a URL already',
    ],
    [
      'a bad line of -H',
      ['--url', `${url}/never/{id}`, '-H', 'Host {id}: x'],
      "--header: must be 'Name: value', not a line without a name and a colon",
    ],
  ])('%s: status 2, and nothing is sent', async (_, args, message) => {
    const cwd = scratch({ 'users.csv': 'id,q\n1,a\n' });
    const { status, stderr } = await cli(['users.csv', ...args], { cwd });
    expect({ status, stderr }).toEqual({ status: 2, stderr: `bulkfetch: ${message}\n` });
    expect(received('/never/')).toEqual([]);
  });

  it('alone makes braces in -H and --json places', async () => {
    const { stdout } = await cli([`${url}/plain`, '-q', '--json', '{"a":"{id}"}', '-H', 'X-A: {id}']);
    expect(lines(stdout)[0]?.body).toEqual({ a: '{id}' });
    expect(received('/plain')[0]?.headers['x-a']).toBe('{id}');
  });

  it('is there for compare too', async () => {
    const cwd = scratch({ 'ids.csv': 'id\n1\n2\n' });
    const args = ['compare', 'ids.csv', '--url', `${url}/compare/{id}`, '--levels', '2', '--format', 'json'];
    const { status } = await cli(args, { cwd });
    expect(status).toBe(0);
    expect(received('/compare/').map(({ target }) => target)).toHaveLength(4);
  });
});

describe('a part of the tasks', () => {
  it('shards of a list are together the list', async () => {
    const shards = ['1/3', '2/3', '3/3'].map(async (shard) => {
      const { status, stdout } = await cli([`${url}/shard/[1-30]`, '-q', '--shard', shard]);
      expect(status).toBe(0);
      return lines(stdout).map(({ index }) => index);
    });
    const all = (await Promise.all(shards)).flat().sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 30 }, (_, at) => at));
    expect(received('/shard/')).toHaveLength(30);
  });

  it('an empty one is no failure', async () => {
    const { status, stdout, stderr } = await cli([`${url}/few`, '--skip', '1']);
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: 'bulkfetch: nothing to fetch: 1 task left out\n',
    });
  });

  it('at the limit the run ends, though its input does not', async () => {
    const run = startCli(['-', '-q', '--skip', '1', '--limit', '2']);
    run.stdin.write(`${url}/limit/1\n${url}/limit/2\n${url}/limit/3\n`);
    const { status, stdout } = await ended(run);
    expect(status).toBe(0);
    expect(sorted(stdout).map(({ index, url: one }) => [index, one])).toEqual([
      [1, `${url}/limit/2`],
      [2, `${url}/limit/3`],
    ]);
  });

  it('--dedupe tells how many it dropped', async () => {
    const cwd = scratch({
      'urls.txt': `${url}/dedupe/1\n${url}/dedupe/2\n${url}/dedupe/1\n${url}/dedupe/1#x\n`,
    });
    const { status, stderr } = await cli(['urls.txt', '--dedupe', '-o', 'out.jsonl', '--summary', 's.json'], {
      cwd,
    });
    expect(status).toBe(0);
    expect(stderr).toContain('\nbulkfetch: --dedupe left out 2 tasks\n');
    expect(received('/dedupe/')).toHaveLength(2);
    expect(JSON.parse(readFileSync(path.join(cwd, 's.json'), 'utf8'))).toMatchObject({
      duplicates: 2,
      tasks: { total: 2 },
    });
  });

  it.each([
    ['--shard', '0/4', 'must be a part of a number of parts, such as 3/16, not "0/4"'],
    ['--shard', '5/4', 'must be a part of a number of parts, such as 3/16, not "5/4"'],
    ['--shard', '3', 'must be a part of a number of parts, such as 3/16, not "3"'],
    ['--limit', '0', 'must be a whole number of at least 1, not "0"'],
    ['--skip', '-1', 'must be a whole number of at least 0, not "-1"'],
  ])('%s %s is refused', async (flag, value, said) => {
    expect(await cli(['http://127.0.0.1:1/', `${flag}=${value}`])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${flag}: ${said}\n`,
    });
  });
});
