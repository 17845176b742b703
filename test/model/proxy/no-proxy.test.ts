import { describe, expect, it } from 'vitest';
import { parseNoProxy } from '../../../src/model/proxy/no-proxy.ts';

describe('a host', () => {
  it.each<[list: string, direct: readonly string[], proxied: readonly string[]]>([
    ['', [], ['example.com', '127.0.0.1']],
    ['*', ['example.com', '127.0.0.1', '::1'], []],
    ['*, example.com', ['example.com'], ['other.com']],
    [
      'example.com',
      ['example.com', 'EXAMPLE.com', 'www.example.com', 'a.b.example.com', 'example.com.'],
      ['notexample.com', 'example.com.org', 'com'],
    ],
    ['.example.com', ['example.com', 'www.example.com'], ['notexample.com']],
    ['a.com,b.com c.com , d.com', ['a.com', 'b.com', 'c.com', 'd.com'], ['e.com']],
    ['127.0.0.1', ['127.0.0.1'], ['127.0.0.2', '1.127.0.0.1.example']],
    ['10.0.0.0/8,192.168.1.0/24', ['10.255.0.1', '192.168.1.7'], ['11.0.0.1', '192.168.2.1', 'ten.example']],
    ['[::1],fd00::/8', ['::1', 'fdff::2', '0:0:0:0:0:0:0:1'], ['::2', 'fe80::1', '127.0.0.1']],
    ['0.0.0.0/0', ['1.2.3.4'], ['::1']],
  ])('of the list %j', (list, direct, proxied) => {
    const isDirect = parseNoProxy(list)!;
    expect(direct.filter((host) => !isDirect(host))).toEqual([]);
    expect(proxied.filter((host) => isDirect(host))).toEqual([]);
  });

  it.each(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/x', '::1/129'])('%j is no network', (list) => {
    expect(parseNoProxy(list)).toBeUndefined();
  });
});
