import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AwayError, StatementError } from '../../../src/databases/errors.ts';
import { toTarget } from '../../../src/databases/postgres/spec.ts';
import { UsageError } from '../../../src/model/errors.ts';
import { rawServer, type RawServer } from '../../servers/raw.ts';
import { requestBytes } from '../../servers/request-bytes.ts';
import { until } from '../../servers/until.ts';
import { openDriver } from './open.ts';

beforeEach(() => {
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('PG'))) {
    vi.stubEnv(name, undefined);
  }
  vi.stubEnv('PGPASSFILE', '/nowhere');
});
afterEach(() => void vi.unstubAllEnvs());

describe('a spec of PostgreSQL', () => {
  const place = { host: 'db.example.com', port: 5432, user: 'ann', database: 'app' };

  it.each([
    ['postgres://ann@db.example.com/app', {}],
    ['postgresql://ann:s3cret@db.example.com:5433/app', { port: 5433, password: 's3cret' }],
    ['postgres://ann:a%40b:c@db.example.com/app', { password: 'a@b:c' }],
    [
      'postgres://a%2Fb:p@ss@[::1]:6000/my%20app',
      { host: '::1', port: 6000, user: 'a/b', database: 'my app', password: 'p@ss' },
    ],
    ['postgres://ann@%2Fvar%2Frun/app', { host: '/var/run' }],
    ['postgres:///app?host=/tmp/socket&user=ann&port=5499', { host: '/tmp/socket', port: 5499 }],
    ['postgres://ann@db.example.com', { database: 'ann' }],
    ['postgres://ann@db.example.com/app?application_name=mine', { application_name: 'mine' }],
    ['postgres://ann@db.example.com/app?sslmode=disable', {}],
    ['postgres://ann@db.example.com/app?sslmode=require', { ssl: {} }],
    ['postgres://ann@db.example.com/app?sslmode=no-verify', { ssl: { rejectUnauthorized: false } }],
  ])('%s', (spec, expected) => {
    const { config } = toTarget(spec);
    expect(config).toMatchObject({ ...place, application_name: 'bulkfetch', ...expected });
    expect(config.ssl).toEqual('ssl' in expected ? expected.ssl : undefined);
  });

  it('takes what is absent from the environment, as psql does', () => {
    vi.stubEnv('PGHOST', 'elsewhere');
    vi.stubEnv('PGPORT', '6543');
    vi.stubEnv('PGUSER', 'bob');
    vi.stubEnv('PGDATABASE', 'stock');
    vi.stubEnv('PGPASSWORD', 's3cret');
    vi.stubEnv('PGSSLMODE', 'no-verify');
    expect(toTarget('postgres://')).toMatchObject({
      name: 'postgres://bob@elsewhere:6543/stock',
      config: { password: 's3cret', ssl: { rejectUnauthorized: false } },
    });
    expect(toTarget('postgres://ann:own@db.example.com:1/app').config).toMatchObject({
      ...place,
      port: 1,
      password: 'own',
    });
  });

  it('is that of the user of the system when nothing is said', () => {
    const { username } = userInfo();
    expect(toTarget('postgres://db.example.com').config).toMatchObject({
      user: username,
      database: username,
    });
  });

  it.each([
    'postgres:',
    'postgres:app',
    'postgres://ann:s3/cret@host/app',
    'postgres://ann:s3%ZZcret@host/app',
    'postgres://ann:s3cret@host:x/app',
    'postgres://ann:s3cret@host/app/more',
  ])('refuses %s without repeating its password', (spec) => {
    expect(() => toTarget(spec)).toThrow(
      new UsageError('must be postgres://USER:PASSWORD@HOST:PORT/NAME, special characters in it as %40'),
    );
  });

  it('refuses what it does not know of TLS, ports and files', () => {
    expect(() => toTarget('postgres://h?sslmode=maybe')).toThrow(
      /^sslmode must be disable, no-verify, .*"maybe"/,
    );
    expect(() => toTarget('postgres://h:99999')).toThrow(/port from 1 to 65535, not "99999"/);
    expect(() => toTarget('postgres://h?sslrootcert=/nowhere')).toThrow(
      /certificate that cannot be read: ENOENT/,
    );
  });
});

describe('a server that wants a password', () => {
  /** Asks for one, and knows none that is right. */
  async function asking(passwords: string[]): Promise<RawServer> {
    const server = await rawServer(async (socket) => {
      const read = requestBytes(socket);
      const startup = await read((await read(4)).readInt32BE() - 4);
      const user = /\0user\0([^\0]*)/.exec(String(startup))?.[1];
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])); // in the clear
      const length = (await read(5)).readInt32BE(1);
      passwords.push(`${user}:${String(await read(length - 4)).slice(0, -1)}`);
      const fields = `SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "${user}"\0\0`;
      const head = Buffer.from('E\0\0\0\0');
      head.writeInt32BE(4 + fields.length, 1);
      socket.end(head + fields);
    });
    onTestFinished(() => server.close());
    return server;
  }

  it('is told that of the spec', async () => {
    const passwords: string[] = [];
    const { port } = await asking(passwords);
    await expect(openDriver(`postgres://ann:s3%20cret@127.0.0.1:${port}/app`)).rejects.toThrow(
      new StatementError('password authentication failed for user "ann" (28P01)'),
    );
    expect(passwords).toEqual(['ann:s3 cret']);
  });

  it('is told that of the file of passwords', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bulkfetch-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const passwords: string[] = [];
    const { port } = await asking(passwords);
    const file = path.join(folder, 'passwords');
    writeFileSync(file, `other:*:*:*:wrong\n127.0.0.1:${port}:app:ann:kept\\:here\n`, { mode: 0o600 });
    vi.stubEnv('PGPASSFILE', file);
    await expect(openDriver(`postgres://ann@127.0.0.1:${port}/app`)).rejects.toThrow(StatementError);
    expect(passwords).toEqual(['ann:kept:here']);
  });

  it('cannot be told any', async () => {
    const { port, sockets } = await asking([]);
    await expect(openDriver(`postgres://ann@127.0.0.1:${port}/app`)).rejects.toThrow(
      new StatementError('the server wants a password, and none is given'),
    );
    await until(() => sockets.open === 0);
  });

  it('may be none at all', async () => {
    const server = await rawServer((socket) => void socket.end());
    onTestFinished(() => server.close());
    await expect(openDriver(`postgres://ann@127.0.0.1:${server.port}/app`)).rejects.toThrow(
      new AwayError('the connection was lost'),
    );
    await expect(openDriver(`postgres://ann@127.0.0.1:${server.port}/app?sslmode=require`)).rejects.toThrow(
      AwayError,
    );
  });
});
