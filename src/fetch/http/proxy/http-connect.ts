import net from 'node:net';
import type { Proxy } from '../../../model/proxy/proxy.ts';
import type { Endpoint } from '../endpoint.ts';
import { ResponseError } from '../response-error.ts';
import { ResponseReader } from '../response-reader.ts';
import { proxyAuthorization } from './authorization.ts';
import { ProxyError, unauthorized } from './proxy-error.ts';
import { readBytes } from './read-bytes.ts';

/** Has an HTTP proxy open a tunnel to a server (RFC 9110, 9.3.6). Throws a `ProxyError`. */
export async function httpConnect(socket: net.Socket, proxy: Proxy, server: Endpoint): Promise<void> {
  const { hostname, port } = server;
  const authority = `${net.isIPv6(hostname) ? `[${hostname}]` : hostname}:${port}`;
  socket.write(
    `CONNECT ${authority} HTTP/1.1\r\nhost: ${authority}\r\n${proxyAuthorization(proxy)}\r\n`,
    'latin1',
  );
  const status = await readStatus(socket, proxy);
  if (status === 407) {
    throw unauthorized(proxy);
  }
  if (status >= 300) {
    const code = mayPass(status) ? 'PROXY_FAILED' : 'PROXY_REFUSED';
    throw new ProxyError(proxy, code, `it answered CONNECT ${authority} with HTTP ${status}`);
  }
}

/** The proxy could not, rather than would not: another attempt may do better. */
function mayPass(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/** The status of the final answer. As to HEAD, it has no body that is of interest. */
async function readStatus(socket: net.Socket, proxy: Proxy): Promise<number> {
  let status = 0;
  const reader = new ResponseReader({ onHead: (code) => (status = code), onBody() {}, onEnd() {} });
  reader.expect('HEAD');
  while (!reader.isIdle) {
    const bytes = await readBytes(socket);
    if (bytes === undefined) {
      throw new ProxyError(proxy, 'PROXY_FAILED', 'it closed the connection');
    }
    try {
      reader.read(bytes);
    } catch (error) {
      if (!(error instanceof ResponseError)) {
        throw error; // a bug
      }
      throw new ProxyError(proxy, 'PROXY_FAILED', `its answer is not valid: ${error.message}`);
    }
  }
  return status;
}
