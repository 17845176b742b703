import { describe, expect, it } from 'vitest';
import { resolveOptions, type FetchOptions } from '../../../src/model/options/options.ts';
import { proxyChoice, type Environment } from '../../../src/model/proxy/proxy-choice.ts';

/** The names of the proxies for an http and for an https server. */
function chosen(options: FetchOptions, env?: Environment, hostname = 'example.com') {
  const choice = proxyChoice(resolveOptions(options), env);
  return [false, true].map((isSecure) => choice?.({ isSecure, hostname })?.hostname);
}

describe('the proxy', () => {
  it.each<[FetchOptions, Environment, ...(string | undefined)[]]>([
    [{}, {}, undefined, undefined],
    [{ proxy: 'p' }, {}, 'p', 'p'],
    [{}, { http_proxy: 'a' }, 'a', undefined],
    [{}, { HTTP_PROXY: 'a' }, undefined, undefined],
    [{}, { https_proxy: 'a' }, undefined, 'a'],
    [{}, { HTTPS_PROXY: 'a' }, undefined, 'a'],
    [{}, { https_proxy: 'a', HTTPS_PROXY: 'b' }, undefined, 'a'],
    [{}, { all_proxy: 'a' }, 'a', 'a'],
    [{}, { ALL_PROXY: 'a', http_proxy: 'b', https_proxy: '' }, 'b', 'a'],
    [{ proxy: 'p' }, { http_proxy: 'a', https_proxy: 'a', all_proxy: 'a' }, 'p', 'p'],
    [{ proxy: '' }, { http_proxy: 'a', all_proxy: 'a' }, undefined, undefined],
    [{ proxy: 'p', noproxy: 'example.com' }, {}, undefined, undefined],
    [{ proxy: 'p' }, { no_proxy: 'example.com' }, undefined, undefined],
    [{ proxy: 'p' }, { NO_PROXY: 'example.com' }, undefined, undefined],
    [{ proxy: 'p', noproxy: '' }, { no_proxy: '*' }, 'p', 'p'],
    [{ proxy: 'p' }, { no_proxy: 'other.com' }, 'p', 'p'],
  ])('of %o in %o', (options, env, ...expected) => {
    expect(chosen(options, env)).toEqual(expected);
  });

  it('that nobody can understand is named, without what may be a password', () => {
    expect(() => chosen({}, { https_proxy: 'ftp://ann:s3cr3t@proxy' })).toThrow(
      /^https_proxy: must be a proxy such as (?!.*s3cr3t)/,
    );
    expect(() => chosen({ proxy: 'ftp://ann:s3cr3t@proxy' })).toThrow(
      /^--proxy: must be a proxy such as (?!.*s3cr3t)/,
    );
    expect(() => chosen({ proxy: 'p' }, { no_proxy: '10.0.0.0/99' })).toThrow(
      /^no_proxy: must be host names/,
    );
    expect(() => chosen({ noproxy: '10.0.0.0/99' })).toThrow(/^--noproxy: must be host names/);
  });
});

describe('--resolve', () => {
  it.each([
    ['a.com:443:127.0.0.1', [['a.com:443', ['127.0.0.1']]]],
    ['A.com:0443:127.0.0.1,127.0.0.2', [['a.com:443', ['127.0.0.1', '127.0.0.2']]]],
    ['*:80:[::1],127.0.0.1', [['*:80', ['::1', '127.0.0.1']]]],
    ['a.com:80:::1', [['a.com:80', ['::1']]]],
  ])('%s', (text, expected) => {
    expect([...resolveOptions({ resolve: [text] }).resolve]).toEqual(expected);
  });

  it.each([
    'a.com',
    'a.com:443',
    'a.com:443:',
    'a.com:x:127.0.0.1',
    'a.com:70000:127.0.0.1',
    'a.com:443:b.com',
    ':443:127.0.0.1',
    '127.0.0.1:443:127.0.0.2',
    'a.com:443:127.0.0.1,',
  ])('%j is none', (text) => {
    expect(() => resolveOptions({ resolve: [text] })).toThrow(/^--resolve: must be HOST:PORT:ADDRESS/);
  });

  it('the last one for a host counts', () => {
    const { resolve } = resolveOptions({ resolve: ['a.com:80:127.0.0.1', 'a.com:80:127.0.0.2'] });
    expect(resolve.get('a.com:80')).toEqual(['127.0.0.2']);
  });
});
