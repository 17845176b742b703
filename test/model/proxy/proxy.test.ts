import { describe, expect, it } from 'vitest';
import { parseProxy } from '../../../src/model/proxy/proxy.ts';

describe('a proxy', () => {
  it.each([
    ['http://proxy:3128', 'http', 'proxy', 3128],
    ['http://proxy:80', 'http', 'proxy', 80],
    ['proxy:3128', 'http', 'proxy', 3128],
    ['proxy', 'http', 'proxy', 1080],
    ['127.0.0.1', 'http', '127.0.0.1', 1080],
    ['HTTP://Proxy.Example:3128/', 'http', 'proxy.example', 3128],
    ['http://proxy:3128/path?query', 'http', 'proxy', 3128],
    ['https://proxy', 'https', 'proxy', 443],
    ['socks5://proxy', 'socks5', 'proxy', 1080],
    ['socks5h://proxy:9050', 'socks5h', 'proxy', 9050],
    ['[::1]:3128', 'http', '::1', 3128],
    [' http://proxy:3128 ', 'http', 'proxy', 3128],
  ])('%j', (text, scheme, hostname, port) => {
    expect(parseProxy(text)).toMatchObject({ scheme, hostname, port, credentials: undefined });
  });

  it.each([
    ['http://ann:s3cr3t@proxy:3128', 'ann', 's3cr3t'],
    ['ann:s3cr3t@proxy:3128', 'ann', 's3cr3t'],
    ['http://ann@proxy:3128', 'ann', ''],
    ['http://a%40b:p%3Aq%2F@proxy:3128', 'a@b', 'p:q/'],
    ['http://ann:100%@proxy:3128', 'ann', '100%'],
  ])('%j has its credentials apart from its name', (text, username, password) => {
    expect(parseProxy(text)).toMatchObject({
      name: 'http://proxy:3128',
      credentials: { username, password },
    });
  });

  it('has brackets in its name where a URL has them', () => {
    expect(parseProxy('socks5h://[::1]')?.name).toBe('socks5h://[::1]:1080');
  });

  it.each([
    '',
    'ftp://proxy',
    'socks4://proxy',
    'http://',
    'http://:3128',
    'proxy:port',
    'proxy:70000',
    'a b',
  ])('%j is none', (text) => {
    expect(parseProxy(text)).toBeUndefined();
  });
});
