import { describe, expect, it } from 'vitest';
import { scriptedServer } from '../servers/scripted.ts';
import { caFile, tlsServer, type Certificate } from '../servers/tls.ts';
import { cli } from './cli.ts';
import { doctor, verdicts } from './doctor.ts';

describe('a request that fails', () => {
  it.each<[Certificate, string, RegExp, RegExp]>([
    ['expired', 'CERT_EXPIRED', /^ended [\d,]+ days ago$/, /renewed/],
    ['wrong-host', 'CERT_WRONG_HOST', /left$/, /elsewhere\.example/],
    ['self-signed', 'CERT_SELF_SIGNED', /left$/, /--cacert/],
  ])('for a certificate that is %s shows it, exit 1', async (certificate, code, verdict, hint) => {
    await using server = await tlsServer(certificate);
    const { status, found } = await doctor(server.url, '--cacert', caFile);
    expect({ status, received: server.received }).toEqual({ status: 1, received: [] });
    expect(found).toMatchObject({ ok: false, failure: { kind: 'tls', code, phase: 'tls' } });
    expect(found.findings.certificate.verdict).toMatch(verdict);
    expect(found.tries.join('\n')).toMatch(hint);
    expect(found).not.toHaveProperty('command');
  });

  it('says in which phase, and what to try', async () => {
    await using server = await scriptedServer({ '/hang': () => {} });
    const { status, found } = await doctor(`${server.url}/hang`, '--timeout', '200ms');
    expect(status).toBe(1);
    expect(found.failure).toMatchObject({ code: 'TOTAL_TIMEOUT', phase: 'wait' });
    expect(found.tries).toEqual(['--timeout 1s, if it is only slow']);
    expect(server.received.length).toBe(1);
  });

  it('for nobody listens, in text', async () => {
    const server = await scriptedServer({});
    await server.close();
    const { status, stdout } = await cli(['doctor', server.url]);
    expect(status).toBe(1);
    expect(stdout).toContain('failed in phase connect: CONNECTION_REFUSED');
    expect(stdout).toContain('what to try:\n  - is the server running');
    expect(stdout).not.toContain('not told');
  });

  it.each([429, 503])('with %i asks nothing more', async (code) => {
    await using server = await scriptedServer({ '/a': { status: code, headers: { 'Retry-After': '30' } } });
    const { status, found } = await doctor(`${server.url}/a`);
    expect([status, server.received.length]).toEqual([1, 1]);
    expect(found.tries.join()).toContain('in 30 s, as it says itself');
  });

  it('with 401 says what it asks for', async () => {
    await using server = await scriptedServer({
      '/a': { status: 401, headers: { 'WWW-Authenticate': 'Bearer realm="x"' } },
    });
    const { status, found } = await doctor(`${server.url}/a`);
    expect(status).toBe(1);
    expect(found.tries.join()).toContain(
      '--bearer TOKEN or --token-command COMMAND, it asks for Bearer realm="x"',
    );
    expect(verdicts(found)['keepAlive']).toBe('yes');
  });

  it('for a large body says what would be large enough', async () => {
    await using server = await scriptedServer({ '/a': { body: 'x'.repeat(5000) } });
    const { status, found } = await doctor(`${server.url}/a`, '--max-body', '4000');
    expect(status).toBe(1);
    expect(found.tries.join()).toContain('--max-body 5KiB');
    expect(server.received.filter(({ target }) => target === '/a').map(({ method }) => method)).toEqual([
      'GET',
      'HEAD',
    ]);
  });
});

describe('exit 2', () => {
  it.each([
    [['urls.txt'], 'not a URL: "urls.txt"'],
    [
      ['http://127.0.0.1:1/', '-X', 'DELETE'],
      '--request: doctor asks several times, and DELETE may change something',
    ],
    [['http://127.0.0.1:1/', '--timeout', 'soon'], '--timeout: must be a duration'],
    [['http://127.0.0.1:1/', '-u', 'a:b', '--bearer', 'c'], '--user and --bearer are different credentials'],
    [['http://127.0.0.1:1/', '--json', '{}'], "unknown option '--json'"],
    [[], "missing required argument 'url'"],
  ])('for %j', async (args, text) => {
    const { status, stdout, stderr } = await cli(['doctor', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`bulkfetch: ${text}`);
  });
});
