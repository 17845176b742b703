import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import type { ClientConfig } from 'pg';
import { UsageError } from '../../model/errors.ts';
import { storedPassword } from './stored-password.ts';
import { toTls } from './tls.ts';

/** Where a database is, and how to get in. */
export interface Target {
  /** For people, with no password in it: `postgres://ann@db.example.com/app`. */
  readonly name: string;
  readonly config: ClientConfig;
}

/** How long a connection may take to stand, and how long one may be silent before the system looks after it. */
const connectMs = 10_000;

/**
 * Reads `postgres://USER:PASSWORD@HOST:PORT/NAME?sslmode=…`. What is absent comes from PGHOST, PGPORT, PGUSER,
 * PGDATABASE, PGPASSWORD and the file of passwords, as with psql. Throws a `UsageError`, which does not
 * repeat the spec: there may be a password in it.
 */
export function toTarget(spec: string): Target {
  const parts = splitSpec(spec);
  const of = (part: string | undefined, parameter: string, variable: string) =>
    part || parts.query.get(parameter) || process.env[variable] || undefined;
  const port = toPort(of(parts.port, 'port', 'PGPORT') ?? '5432');
  const host = of(parts.host, 'host', 'PGHOST') ?? socketFolder(port) ?? 'localhost';
  const user = of(parts.user, 'user', 'PGUSER') ?? userInfo().username;
  const database = of(parts.database, 'dbname', 'PGDATABASE') ?? user;
  const place = { host, port, user, database };
  const ssl = toTls((name) => of(undefined, name, `PG${name.toUpperCase()}`));
  return {
    name: `postgres://${user}@${host}${port === 5432 ? '' : `:${port}`}/${database}`,
    config: {
      ...place,
      password: of(parts.password, 'password', 'PGPASSWORD') ?? (() => storedPassword(place)),
      ...(ssl === undefined ? {} : { ssl }),
      application_name: of(undefined, 'application_name', 'PGAPPNAME') ?? 'bulkfetch',
      options: of(undefined, 'options', 'PGOPTIONS'),
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: connectMs,
    },
  };
}

/** User and password, host, port, name of the database, parameters. */
const form =
  /^\w+:\/\/(?:(?<userinfo>[^/?#]*)@)?(?<host>\[[^\]]*\]|[^:/?#]*)(?::(?<port>\d*))?(?:\/(?<database>[^/?#]*))?(?:\?(?<query>[^#]*))?$/;

function splitSpec(spec: string) {
  const { userinfo = '', host = '', port, database = '', query } = form.exec(spec)?.groups ?? refuse();
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(userinfo) ?? [];
  try {
    return {
      user: decodeURIComponent(user),
      password: decodeURIComponent(password),
      host: decodeURIComponent(host.replace(/^\[(.*)\]$/, '$1')),
      port,
      database: decodeURIComponent(database),
      query: new URLSearchParams(query),
    };
  } catch {
    return refuse(); // %ZZ
  }
}

function refuse(): never {
  throw new UsageError('must be postgres://USER:PASSWORD@HOST:PORT/NAME, special characters in it as %40');
}

function toPort(text: string): number {
  const port = Number(text);
  if (!(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new UsageError(`must name a port from 1 to 65535, not ${JSON.stringify(text)}`);
  }
  return port;
}

/** Where a server of this machine listens when no host is named, as with psql. */
function socketFolder(port: number): string | undefined {
  return ['/var/run/postgresql', '/tmp'].find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`));
}
