import net from 'node:net';
import { cachingLookup, type Resolve } from './lookup.ts';
import {
  buildConnector,
  type ConnectCallback,
  type ConnectOptions,
  type ConnectorOptions,
} from './undici.ts';

/** What a connection tells the lane that opened it. Times are `performance.now()`. */
export interface ConnectionOwner {
  /** An answer is awaited and its head has not come; else bytes belong to a body or to nobody. */
  readonly awaitsHead: boolean;
  /** The body has a known length, so that no trailer can follow it. */
  readonly bodyIsMeasured: boolean;
  onSocket(socket: net.Socket, startedAt: number): void;
  onLookup(at: number): void;
  onTcp(at: number): void;
  onSecure(at: number): void;
  onBytes(): void;
  onClosed(socket: net.Socket): void;
}

/** Opens a socket for a lane; the signature that undici's `connect` option wants, plus the owner. */
export type Connect = (owner: ConnectionOwner, options: ConnectOptions, callback: ConnectCallback) => void;

/** How connections are made. */
export interface ConnectorSettings {
  readonly insecure: boolean;
  /** Trusted certificates in PEM, instead of those that Node ships. */
  readonly ca?: string | undefined;
  /** Replaces the system's resolver. */
  readonly resolve?: Resolve | undefined;
}

type LaneSocket = net.Socket & { owner?: ConnectionOwner; chunk?: Buffer | null };

/** Longest read; every socket reads into the same memory, because each read is parsed before the next. */
const readSize = 64 * 1024;
const headEnd = Buffer.from('\r\n\r\n');

/**
 * undici's connector over sockets with a read path of their own. Node's `onread` option delivers
 * each read in one reused buffer instead of allocating 64 KiB a read and passing it through the
 * stream machinery; undici finds the bytes by `read()`, as always. Saves 2.7 us of 17 a fetch.
 *
 * The hard spot: undici's parser keeps views of header bytes until the head is complete. A view
 * outlives the read only when the head spans several, so those reads, and everything else that is
 * not plainly a whole head or part of a body of known length, are copied.
 */
export function createConnector(settings: ConnectorSettings): Connect {
  const setup: ConnectorOptions = {
    timeout: 0, // the lane's deadlines watch connecting too
    allowH2: false,
    rejectUnauthorized: !settings.insecure,
    lookup: cachingLookup(settings.resolve),
    onread: { buffer: Buffer.allocUnsafeSlow(readSize), callback: onRead },
    ...(settings.ca === undefined ? {} : { ca: settings.ca }),
  };
  const connect = buildConnector(setup);

  return (owner, options, callback) => {
    // undici's connector returns the socket; its types leave that out.
    const socket = connect(options, callback) as unknown as LaneSocket;
    socket.owner = owner;
    socket.chunk = null;
    socket.read = readChunk;
    owner.onSocket(socket, performance.now());
    socket.once('lookup', (error: Error | null) => {
      if (error === null) {
        owner.onLookup(performance.now());
      }
    });
    socket.once('connect', () => owner.onTcp(performance.now()));
    if (options.protocol === 'https:') {
      socket.once('secureConnect', () => owner.onSecure(performance.now()));
    }
    socket.once('close', () => owner.onClosed(socket));
  };
}

/** Node calls it as a method of the socket. Returning true keeps the socket reading. */
function onRead(this: LaneSocket, length: number, buffer: Uint8Array): boolean {
  const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, length);
  const { owner } = this;
  owner?.onBytes();
  const chunk = owner !== undefined && isParsedAtOnce(owner, bytes) ? bytes : Buffer.from(bytes);
  this.chunk = this.chunk ? Buffer.concat([this.chunk, chunk]) : chunk;
  this.emit('readable');
  return true;
}

/** True when nothing of this read is looked at after the parser has returned. */
function isParsedAtOnce(owner: ConnectionOwner, bytes: Buffer): boolean {
  if (owner.awaitsHead) {
    const isInterim = bytes[9] === 0x31; // `HTTP/1.1 1xx`: another, perhaps partial, head follows
    return !isInterim && bytes.includes(headEnd);
  }
  return owner.bodyIsMeasured;
}

/** `read()` gives the chunk that `onRead` has left; `read(n)` is the stream machinery's own call. */
function readChunk(this: LaneSocket, size?: number): Buffer | null {
  if (size !== undefined) {
    return net.Socket.prototype.read.call(this, size) as Buffer | null;
  }
  const { chunk } = this;
  this.chunk = null;
  return chunk ?? null;
}
