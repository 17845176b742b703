import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { listen } from './listen.ts';
import { watchSockets, type SocketWatch } from './sockets.ts';
import { keyPair } from './tls.ts';

/** Answers one stream; `nth` counts all of the server from 1. */
export type OnStream = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, nth: number) => unknown;

/** A server that speaks HTTP/2 over TLS, and what it has seen. The counts are live. */
export interface Http2Server extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly sockets: SocketWatch;
  /** Open sessions. */
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** The path of each stream, in order of arrival. */
  readonly paths: readonly string[];
  /** Most streams at once in one session. */
  readonly peakStreams: number;
}

/** Starts one. With `allowHTTP1` in the options a request over HTTP/1.1 is answered with `HTTP/1.1`. */
export async function http2Server(
  onStream: OnStream,
  options: SecureServerOptions = {},
): Promise<Http2Server> {
  const server = createSecureServer({ ...keyPair('good'), ...options });
  const sockets = watchSockets(server);
  const sessions = new Set<ServerHttp2Session>();
  const paths: string[] = [];
  let peakStreams = 0;
  server.on('session', (session) => {
    let streams = 0;
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => {}); // clients that break off are part of the tests
    session.on('stream', (stream, headers) => {
      peakStreams = Math.max(peakStreams, ++streams);
      stream.once('close', () => streams--);
      stream.on('error', () => {});
      paths.push(String(headers[':path']));
      onStream(stream, headers, paths.length);
    });
  });
  if (options.allowHTTP1 === true) {
    server.on('request', ({ httpVersion }, response) => httpVersion === '1.1' && response.end('HTTP/1.1'));
  }
  const port = await listen(server, '127.0.0.1');
  return {
    url: `https://127.0.0.1:${port}`,
    port,
    sockets,
    sessions,
    paths,
    get peakStreams() {
      return peakStreams;
    },
    [Symbol.asyncDispose]: () => sockets.close(),
  };
}

/** Answers every stream with 200 and that body. */
export function answering(body: string | Buffer = 'ok'): OnStream {
  return (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'text/plain' });
    stream.end(body);
  };
}
