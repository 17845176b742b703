import { AssertionError } from 'node:assert';
import { once } from 'node:events';
import net from 'node:net';
import { Client, errors } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { ProxyError } from '../../../src/fetch/http/proxy/proxy-error.ts';
import { classifyError, type Phase } from '../../../src/fetch/policy/classify.ts';
import { parseProxy } from '../../../src/model/proxy/proxy.ts';

function coded(code: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { code });
}

function codeOf(error: unknown, phase: Phase = 'request'): string {
  return classifyError(error, { phase, host: 'a.example' }).code;
}

describe('classifyError', () => {
  it.each([
    ['ENOTFOUND', 'dns', 'DNS_NOT_FOUND'],
    ['EAI_AGAIN', 'dns', 'DNS_FAILED'],
    ['EAI_FAIL', 'dns', 'DNS_FAILED'],
    ['ECONNREFUSED', 'connect', 'CONNECTION_REFUSED'],
    ['EHOSTUNREACH', 'connect', 'HOST_UNREACHABLE'],
    ['ENETUNREACH', 'connect', 'HOST_UNREACHABLE'],
    ['EADDRNOTAVAIL', 'connect', 'ADDRESS_EXHAUSTED'],
    ['ETIMEDOUT', 'connect', 'CONNECT_TIMEOUT'],
    ['EACCES', 'connect', 'CONNECT_FAILED'],
    ['EMFILE', 'connect', 'TOO_MANY_OPEN_FILES'],
    ['ENFILE', 'dns', 'TOO_MANY_OPEN_FILES'],
    ['CERT_HAS_EXPIRED', 'tls', 'CERT_EXPIRED'],
    ['CERT_NOT_YET_VALID', 'tls', 'CERT_EXPIRED'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'CERT_SELF_SIGNED'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls', 'CERT_UNTRUSTED'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'CERT_UNTRUSTED'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls', 'CERT_UNTRUSTED'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'CERT_WRONG_HOST'],
    ['CERT_REVOKED', 'tls', 'TLS_FAILED'],
    ['EPROTO', 'tls', 'TLS_FAILED'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'TLS_FAILED'],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls', 'TLS_NO_COMMON_VERSION'],
    ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls', 'TLS_NO_COMMON_VERSION'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'tls', 'TLS_NO_COMMON_VERSION'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'tls', 'TLS_NO_COMMON_VERSION'],
    ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'response', 'TLS_FAILED'],
    ['ECONNRESET', 'tls', 'CONNECTION_RESET'],
    ['ECONNRESET', 'response', 'CONNECTION_RESET'],
    ['EPIPE', 'request', 'CONNECTION_RESET'],
    ['ETIMEDOUT', 'response', 'CONNECTION_RESET'],
    ['HPE_INVALID_CONSTANT', 'request', 'BAD_RESPONSE'],
    ['HPE_HEADER_OVERFLOW', 'request', 'HEADERS_TOO_LARGE'],
    ['ESOMETHINGNEW', 'dns', 'DNS_FAILED'],
    ['ESOMETHINGNEW', 'connect', 'CONNECT_FAILED'],
    ['ESOMETHINGNEW', 'tls', 'TLS_FAILED'],
    ['ESOMETHINGNEW', 'request', 'BAD_RESPONSE'],
    ['ESOMETHINGNEW', 'response', 'BAD_RESPONSE'],
  ] as const)('%s while in %s is %s', (code, phase, expected) => {
    expect(codeOf(coded(code), phase)).toBe(expected);
  });

  it.each([
    [new errors.ConnectTimeoutError(), 'connect', 'CONNECT_TIMEOUT'],
    [new errors.HeadersOverflowError(), 'request', 'HEADERS_TOO_LARGE'],
    [new errors.SocketError('other side closed'), 'response', 'CONNECTION_CLOSED'],
    [new errors.SocketError('bad upgrade'), 'request', 'BAD_RESPONSE'],
    [new errors.ResponseContentLengthMismatchError(), 'request', 'BAD_RESPONSE'],
    [new errors.ResponseContentLengthMismatchError(), 'response', 'CONNECTION_CLOSED'],
    [new errors.HTTPParserError('no HTTP'), 'request', 'BAD_RESPONSE'],
    [new errors.InformationalError('socket idle timeout'), 'request', 'CONNECTION_CLOSED'],
    [new errors.RequestAbortedError(), 'response', 'ABORTED'],
    [new errors.ClientDestroyedError(), 'connect', 'ABORTED'],
  ] as const)('%s while in %s is %s', (error, phase, expected) => {
    expect(codeOf(error, phase)).toBe(expected);
  });

  it.each([
    new TypeError('x is not a function'),
    Object.assign(new TypeError('bad argument'), { code: 'ERR_INVALID_ARG_TYPE' }),
    new RangeError('out of range'),
    new AssertionError({ message: 'assert' }),
    new errors.InvalidArgumentError('invalid path'),
    new Error('without a code'),
    'a string',
    undefined,
  ])('throws %s again: it is a bug', (error) => {
    let thrown: unknown = 'nothing';
    try {
      codeOf(error);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBe(error);
  });

  it('takes the first of several addresses that failed, and names all', () => {
    const error = new AggregateError([
      coded('ECONNREFUSED', 'connect ::1'),
      coded('EHOSTUNREACH', 'connect 127.0.0.1'),
    ]);
    expect(classifyError(error, { phase: 'connect', host: 'a.example' })).toEqual({
      kind: 'connect',
      code: 'CONNECTION_REFUSED',
      message: 'a.example: connect ::1, connect 127.0.0.1',
    });
  });

  it.each([
    [['EADDRNOTAVAIL', 'ECONNREFUSED'], 'CONNECTION_REFUSED'],
    [['ENETUNREACH', 'ETIMEDOUT'], 'CONNECT_TIMEOUT'],
    [['ENETUNREACH', 'ENETUNREACH'], 'HOST_UNREACHABLE'],
    [['EADDRNOTAVAIL', 'EADDRNOTAVAIL'], 'ADDRESS_EXHAUSTED'],
  ] as const)('of %s takes what this machine could reach: %s', (codes, expected) => {
    const error = new AggregateError(codes.map((code) => coded(code)));
    expect(codeOf(Object.assign(error, { code: codes[0] }), 'connect')).toBe(expected); // as Node does
  });

  it.each([
    ['EMFILE', 'TOO_MANY_OPEN_FILES'],
    ['EADDRNOTAVAIL', 'ADDRESS_EXHAUSTED'],
    ['ECONNREFUSED', 'PROXY_FAILED'],
  ])('blames a proxy for no limit of this machine: %s is %s', (code, expected) => {
    const proxy = parseProxy('http://proxy.example:3128');
    expect(codeOf(new ProxyError(proxy!, 'PROXY_FAILED', '', coded(code)), 'connect')).toBe(expected);
  });

  it.each([
    [
      coded('EMFILE', 'connect EMFILE 127.0.0.1:80 - Local (undefined:undefined)'),
      'a.example: connect EMFILE 127.0.0.1:80',
    ],
    [coded('ECONNRESET', 'read ECONNRESET'), 'a.example: read ECONNRESET'],
    [coded('ECONNRESET', ''), 'a.example: ECONNRESET'],
    [coded('CERT_HAS_EXPIRED', 'two\n  lines\n'), 'a.example: two lines'],
    [
      Object.assign(coded('ERR_SSL_X', '40:error:0A:SSL routines:../x.c:9:\n'), {
        reason: 'wrong version number',
      }),
      'a.example: wrong version number',
    ],
  ])('says it in one line: %s', (error, message) => {
    expect(classifyError(error, { phase: 'tls', host: 'a.example' }).message).toBe(message);
  });
});

describe('classifyError on what undici reports', () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    closers.splice(0).forEach((close) => close());
  });

  /** The code for an exchange with a server that answers these bytes and closes. */
  async function exchange(answer: string, scheme = 'http'): Promise<string> {
    const server = net.createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', () => socket.end(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return exchangeWith(`${scheme}://127.0.0.1:${port}`);
  }

  function exchangeWith(origin: string): Promise<string> {
    const client = new Client(origin);
    closers.push(() => void client.destroy());
    let phase: Phase = origin.startsWith('https') ? 'tls' : 'connect';
    return new Promise((resolve) => {
      client.dispatch(
        { path: '/', method: 'GET' },
        {
          onRequestStart: () => (phase = 'request'),
          onResponseStart: () => void (phase = 'response'),
          onResponseData: () => {},
          onResponseEnd: () => resolve('ok'),
          onResponseError: (_, error) => resolve(codeOf(error, phase)),
        },
      );
    });
  }

  it.each([
    ['nothing', '', 'CONNECTION_CLOSED'],
    ['half a head', 'HTTP/1.1 200 OK\r\ncontent-le', 'CONNECTION_CLOSED'],
    ['a short body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', 'CONNECTION_CLOSED'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab', 'CONNECTION_CLOSED'],
    ['no HTTP', 'SSH-2.0-server\r\n', 'BAD_RESPONSE'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n', 'BAD_RESPONSE'],
    ['a bad chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', 'BAD_RESPONSE'],
    ['100 unasked', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 'BAD_RESPONSE'],
    ['101 unasked', 'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'BAD_RESPONSE'],
    ['a huge head', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(40_000)}\r\n\r\n`, 'HEADERS_TOO_LARGE'],
    ['an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'ok'],
  ])('after %s', async (_, answer, expected) => {
    expect(await exchange(answer)).toBe(expected);
  });

  it('calls HTTP on an https port a failed handshake', async () => {
    expect(await exchange('HTTP/1.1 400 Bad Request\r\n\r\n', 'https')).toBe('TLS_FAILED');
  });

  it('calls a port without a listener refused', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    await once(server, 'close');
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await exchangeWith(`http://127.0.0.1:${port}`)).toBe('CONNECTION_REFUSED');
  });
});
