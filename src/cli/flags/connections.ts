import type { Flag } from './flag.ts';

/** How servers are reached, and what is shown to each other over TLS. */
export const connectionFlags = {
  proxy: {
    flags: '-x, --proxy <url>',
    about: "http, https, socks5 or socks5h proxy; '': none, whatever the environment says",
    secret: 'userinfo',
  },
  noproxy: { flags: '--noproxy <hosts>', about: 'hosts and networks that are reached without it' },
  resolve: {
    flags: '--resolve <entry>',
    about: 'HOST:PORT:ADDRESS that comes before DNS; HOST may be *',
    repeats: true,
  },
  ipv4: { flags: '-4, --ipv4', about: 'connect to IPv4 addresses only' },
  ipv6: { flags: '-6, --ipv6', about: 'connect to IPv6 addresses only' },
  http2: { flags: '--http2', about: 'HTTP/2 with the servers that speak it over TLS' },
  http2PriorKnowledge: {
    flags: '--http2-prior-knowledge',
    about: 'HTTP/2 for http URLs too, whose servers are known to speak it',
  },
  denyPrivate: {
    flags: '--deny-private',
    about: 'connect to public addresses only, at every hop',
  },
  reuse: { flags: '--no-reuse', about: 'a new connection for each attempt' },
  insecure: { flags: '-k, --insecure', about: 'accept any TLS certificate' },
  cacert: {
    flags: '--cacert <file>',
    about: 'trusted certificates (PEM) instead of the usual ones',
  },
  cert: {
    flags: '-E, --cert <file[:password]>',
    about: 'own certificate (PEM), for servers that ask for one',
    secret: 'password',
  },
  key: { flags: '--key <file>', about: 'its private key (PEM), when it is not in the same file' },
  pass: { flags: '--pass <phrase>', about: 'what the private key is encrypted with', secret: 'all' },
} as const satisfies Record<string, Flag>;
