import net from 'node:net';
import type { FailureCode } from '../../../model/failure.ts';
import type { Proxy } from '../../../model/proxy/proxy.ts';
import { ProxyError, unauthorized } from './proxy-error.ts';
import { readBytes } from './read-bytes.ts';

const version = 5;
const noAuthentication = 0;
const usernamePassword = 2;
const connect = 1;
const addressTypes = { ipv4: 1, name: 3, ipv6: 4 } as const;

/**
 * Has a SOCKS 5 proxy connect to a host, a name or an address (RFC 1928, RFC 1929). Throws a
 * `ProxyError`. Own code: the `socks` package holds on to each socket for its timer of 30 s, whatever
 * becomes of it, and takes no time limit but its own.
 */
export async function socks5(socket: net.Socket, proxy: Proxy, host: string, port: number): Promise<void> {
  const { credentials } = proxy;
  const methods = [noAuthentication, ...(credentials === undefined ? [] : [usernamePassword])];
  socket.write(Buffer.from([version, methods.length, ...methods]));
  const [theirs, method = 0xff] = await read(socket, proxy, 2);
  if (theirs !== version) {
    throw new ProxyError(proxy, 'PROXY_FAILED', 'its answer is not that of a SOCKS 5 proxy');
  }
  if (!methods.includes(method)) {
    throw unauthorized(proxy);
  }
  if (method === usernamePassword && credentials !== undefined) {
    const { username, password } = credentials;
    socket.write(Buffer.from([1, ...counted(proxy, username), ...counted(proxy, password)]));
    const [, status] = await read(socket, proxy, 2);
    if (status !== 0) {
      throw unauthorized(proxy);
    }
  }
  socket.write(Buffer.from([version, connect, 0, ...address(proxy, host), port >> 8, port & 0xff]));
  const [, reply = 1, , type] = await read(socket, proxy, 4);
  if (reply !== 0) {
    const [code, message] = replies[reply] ?? ['PROXY_FAILED', `it failed with reply ${reply}`];
    throw new ProxyError(proxy, code, message);
  }
  await read(socket, proxy, (await boundLength(socket, proxy, type)) + 2); // where it connects from
}

/** What the replies mean (RFC 1928, 6). */
const replies: Readonly<Record<number, readonly [code: FailureCode, message: string]>> = {
  1: ['PROXY_FAILED', 'it failed to connect to the server'],
  2: ['PROXY_REFUSED', 'its rules do not allow the connection'],
  3: ['PROXY_FAILED', 'it cannot reach the network of the server'],
  4: ['PROXY_FAILED', 'it cannot reach the server'],
  5: ['PROXY_FAILED', 'the server refused its connection'],
  6: ['PROXY_FAILED', 'the server is too far away from it (TTL expired)'],
  7: ['PROXY_REFUSED', 'it knows no CONNECT'],
  8: ['PROXY_REFUSED', 'it does not take addresses of that type'],
};

async function read(socket: net.Socket, proxy: Proxy, length: number): Promise<Buffer> {
  const bytes = await readBytes(socket, length);
  if (bytes === undefined) {
    throw new ProxyError(proxy, 'PROXY_FAILED', 'it closed the connection');
  }
  return bytes;
}

async function boundLength(socket: net.Socket, proxy: Proxy, type: number | undefined): Promise<number> {
  if (type === addressTypes.name) {
    const [length = 0] = await read(socket, proxy, 1);
    return length;
  }
  return type === addressTypes.ipv6 ? 16 : 4;
}

function address(proxy: Proxy, host: string): number[] {
  switch (net.isIP(host)) {
    case 4:
      return [addressTypes.ipv4, ...host.split('.').map(Number)];
    case 6:
      return [addressTypes.ipv6, ...ipv6Bytes(host)];
    default:
      return [addressTypes.name, ...counted(proxy, host)];
  }
}

/** Text with its length in front, which is one byte. */
function counted(proxy: Proxy, text: string): number[] {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) {
    throw new ProxyError(
      proxy,
      'PROXY_FAILED',
      'SOCKS 5 takes no name and no password of more than 255 bytes',
    );
  }
  return [bytes.length, ...bytes];
}

/** The URL parser leaves hexadecimal groups and at most one `::` (and knows no zones). */
function ipv6Bytes(host: string): number[] {
  const { hostname } = new URL(`http://[${host.replace(/%.*/, '')}]`);
  const [left = [], right = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((half) => half.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)])));
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => 0);
  return [...left, ...zeros, ...right].flatMap((group) => [group >> 8, group & 0xff]);
}
