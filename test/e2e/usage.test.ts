import { describe, expect, it } from 'vitest';
import { fetchFlags } from '../../src/cli/flags/index.ts';
import { lineFields } from '../../src/model/record.ts';
import { cli } from './cli.ts';

const duration = 'must be a duration such as 500ms, 10s, 2m or 1h (a bare number is seconds)';
const count = 'must be a whole number of at least 1';
const countOrAuto = 'must be auto or a whole number of at least 1';
const countFrom0 = 'must be a whole number of at least 0';
const rate = 'must be a rate such as 100/s, 600/m or 5000/h (a bare number is per second)';
const missing = 'cannot read nowhere: ENOENT: no such file or directory, open';

type Switch =
  | 'retryUnsafe'
  | 'insecure'
  | 'ordered'
  | 'ipv4'
  | 'ipv6'
  | 'denyPrivate'
  | 'respectRobots'
  | 'reuse'
  | 'http2'
  | 'http2PriorKnowledge'
  | 'netrc'
  | 'idempotencyKey';
/** A User-Agent may be any text that a header field can hold, a user name any text; a jar is output. */
type Free = 'userAgent' | 'user' | 'cookieJar';

/** For every flag that takes a value: a wrong one, and what is said about it. */
const wrong = {
  concurrency: ['0', `${countOrAuto}, not "0"`],
  perHost: ['1.5', `${count}, not "1.5"`],
  rate: ['0/s', `${rate}, not "0/s"`],
  perHostRate: ['5/day', `${rate}, not "5/day"`],
  queueSize: ['many', `${count}, not "many"`],
  timeout: ['soon', `${duration}, not "soon"`],
  connectTimeout: ['-1s', `${duration}, not "-1s"`],
  taskTimeout: ['1y', `${duration}, not "1y"`],
  retry: ['-1', `${countFrom0}, not "-1"`],
  retryDelay: ['', `${duration}, not ""`],
  retryMaxDelay: ['1s2', `${duration}, not "1s2"`],
  retryFactor: ['0.5', 'must be a number of at least 1, not "0.5"'],
  retryOn: [
    'timeout,99',
    `must be statuses or any of dns, connect, tls, timeout, reset, protocol, as in 'timeout,429', not "99"`,
  ],
  retryMaxTime: ['never', `${duration}, not "never"`],
  retryBudget: ['half', 'must be a share such as 20% or 0.2, not "half"'],
  method: ['GET /', 'must be an HTTP method such as GET or POST'],
  header: ['Two Words: x', `must be 'Name: value', not a line without a name and a colon`],
  data: ['@nowhere', `${missing} 'nowhere'`],
  json: ['[1,', 'not valid JSON: Unexpected end of JSON input'],
  bearer: ['Bearer s3cr3t', 'must be a token of visible ASCII characters, without spaces'],
  tokenCommand: ['', 'must be a command'],
  netrcFile: ['nowhere', `${missing} 'nowhere'`],
  cookie: [
    'nowhere',
    `cannot read nowhere (cookies themselves have a =): ENOENT: no such file or directory, open 'nowhere'`,
  ],
  next: [
    'cursor',
    `must be link, a path such as '$.next', or a parameter such as 'cursor={$.next_cursor}', not "cursor"`,
  ],
  breaker: [
    '0%',
    'must be a share of failed attempts, and a pause if you like, such as 50% or 50%/30s, not "0%"',
  ],
  maxPages: ['0', `${count}, not "0"`],
  maxRedirs: ['1e3', `${countFrom0}, not "1e3"`],
  cacert: ['nowhere', `${missing} 'nowhere'`],
  cert: ['nowhere:s3cr3t', `${missing} 'nowhere'`],
  key: ['client.key', 'needs a --cert'],
  pass: ['s3cr3t', 'needs a --cert'],
  proxy: [
    'ftp://ann:s3cr3t@proxy',
    'must be a proxy such as http://proxy:3128 or socks5h://user:password@proxy:1080 (http, https, socks5, socks5h)',
  ],
  noproxy: [
    '10.0.0.0/33',
    'must be host names, addresses or networks, as in localhost,example.com,10.0.0.0/8',
  ],
  resolve: [
    'api.example.com:443',
    'must be HOST:PORT:ADDRESS[,ADDRESS], as in api.example.com:443:127.0.0.1 (IPv6 in brackets)',
  ],
  body: ['xml', 'must be auto, text, json, base64 or none'],
  maxBody: ['16 MiBB', 'must be a size such as 65536, 64KiB or 2MiB, not "16 MiBB"'],
} satisfies Record<Exclude<keyof typeof fetchFlags, Switch | Free>, readonly [value: string, said: string]>;

const longName = (key: keyof typeof wrong) => /--[a-z-]+/.exec(fetchFlags[key].flags)![0];
const keys = Object.keys(wrong) as (keyof typeof wrong)[];

describe('a wrong value is named with the form that is right, exit 2', () => {
  it.each(keys.map((key) => [longName(key), ...wrong[key]] as const))('%s %j', async (flag, value, said) => {
    expect(await cli(['http://127.0.0.1:1/', flag, value])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${flag}: ${said}\n`,
    });
  });

  it('all of them, when there are several', async () => {
    const { status, stderr } = await cli(['http://127.0.0.1:1/', '-c', '0', '--timeout', 'soon']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: `bulkfetch: --concurrency: ${countOrAuto}, not "0"\nbulkfetch: --timeout: ${duration}, not "soon"\n`,
    });
  });
});

describe('databases, exit 2', () => {
  const from = ['--from', 'sqlite:nowhere.db'];
  const form = 'must be sqlite:FILE or postgres://USER@HOST/NAME';
  const into = ['--to', 'sqlite:a.db', 'http://127.0.0.1:1/'];
  const columns = 'must be columns and paths into the record, as in name=body.name,email=body.email';
  const fields = Object.keys(lineFields).join(', ');
  it.each<[string, string[], string]>([
    ['--from', ['mysql://ann:s3cr3t@db/app', '--query', 'select 1'], `${form}, not "mysql://db/app"`],
    ['--from', ['users.db', '--query', 'select 1'], `${form}, not "users.db"`],
    ['--from', ['sqlite:users.db'], 'needs a --query, as in --query "select id, name from users"'],
    ['--query', ['select 1'], 'needs a --from, the database that is asked'],
    ['--query', ['@nowhere', ...from], `${missing} 'nowhere'`],
    ['--param', ['5', 'http://127.0.0.1:1/'], 'needs a --from, the database that is asked'],
    ['--db-batch', ['0', ...from], `${count}, not "0"`],
    ['--db-pool', ['few', ...from], `${count}, not "few"`],
    ['--db-timeout', ['soon', ...from], `${duration}, not "soon"`],
    ['--to', ['mysql://ann:s3cr3t@db/app', 'http://127.0.0.1:1/'], `${form}, not "mysql://db/app"`],
    ['--to-table', ['', ...into], 'must name a table'],
    ['--to-columns', ['id,', ...into], `${columns}, not ""`],
    ['--to-columns', ['id=id, id=body.id', ...into], 'a column stands there twice'],
    ['--to-columns', ['id=nothing', ...into], `a record has no field nothing: it has ${fields}`],
  ])('%s %j', async (flag, values, said) => {
    expect(await cli([flag, ...values])).toEqual({
      status: 2,
      stdout: '',
      stderr: `bulkfetch: ${flag}: ${said}\n`,
    });
  });
});

describe('a secret is not repeated', () => {
  it.each(['Authorization: Bearer s3cr3t\u0001', 'X Key: s3cr3t', 'Content-Length: s3cr3t'])(
    '%j',
    async (header) => {
      const { status, stderr } = await cli(['http://127.0.0.1:1/', '-H', header]);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^bulkfetch: --header: /);
      expect(stderr).not.toContain('s3cr3t');
    },
  );
});

describe('what is wrong with the command line itself, exit 2', () => {
  it.each([
    { args: ['--concurency', '5'], said: "unknown option '--concurency'\n(Did you mean --concurrency?)" },
    { args: ['serve', '--prot', '0'], said: "unknown option '--prot'\n(Did you mean --port?)" },
    { args: ['http://127.0.0.1:1/', '--timeout'], said: "option '--timeout <time>' argument missing" },
    {
      args: ['compare'],
      said: 'nothing to fetch: give URLs, a file of URLs, or - for standard input (see --help)',
    },
    { args: ['demo', 'more'], said: "too many arguments for 'demo'. Expected 0 arguments but got 1: more." },
    {
      args: ['http://127.0.0.1:1/', '-d', 'a', '--json', '1'],
      said: '--json and --data are two bodies: give one of them',
    },
  ])('$args', async ({ args, said }) => {
    expect(await cli(args)).toEqual({ status: 2, stdout: '', stderr: `bulkfetch: ${said}\n` });
  });
});
