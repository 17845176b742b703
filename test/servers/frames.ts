import type { Socket } from 'node:net';
import type { Act } from './raw.ts';

/** Types of HTTP/2 frames (RFC 9113, 6). */
const types = { data: 0, headers: 1, rst: 3, settings: 4, goaway: 7 } as const;

const endStream = 1;
const endHeaders = 4;
const ack = 1;

const headLength = 9;

/** Connection preface of a client (RFC 9113, 3.4). */
const prefaceLength = 24;

/** What a server says on one stream, or of the session; each is the bytes of a frame. */
export const frames = {
  settings: (...pairs: readonly (readonly [id: number, value: number])[]) =>
    frame(
      types.settings,
      0,
      0,
      Buffer.concat(pairs.map(([id, value]) => Buffer.from([0, id, ...uint32(value)]))),
    ),
  /** `:status: 200`, which HPACK has at index 8. */
  ok: (stream: number) => frame(types.headers, endHeaders, stream, Buffer.from([0x88])),
  /** Fields as literals that are not indexed, after `:status: 200`. */
  fields: (stream: number, fields: Readonly<Record<string, string>>) =>
    frame(types.headers, endHeaders, stream, Buffer.concat([Buffer.from([0x88]), ...literals(fields)])),
  data: (stream: number, text: string) => frame(types.data, 0, stream, Buffer.from(text)),
  lastData: (stream: number, text: string) => frame(types.data, endStream, stream, Buffer.from(text)),
  reset: (stream: number, code: number) => frame(types.rst, 0, stream, Buffer.from(uint32(code))),
  goaway: (lastStream: number, code: number) =>
    frame(types.goaway, 0, 0, Buffer.from([...uint32(lastStream), ...uint32(code)])),
} as const;

/** Answers a request with bytes, whatever they are; undefined: with none. `nth` counts those of the connection from 1. */
export type OnHeaders = (stream: number, nth: number, socket: Socket) => readonly Buffer[] | undefined;

/**
 * Speaks HTTP/2 frame by frame, for what no HTTP library would say: `rawServer(http2Frames(…))`, without
 * TLS. Begins with SETTINGS and acknowledges the client's.
 */
export function http2Frames(onHeaders: OnHeaders, settings = frames.settings()): Act {
  return (socket) => {
    let requests = 0;
    let pending = Buffer.alloc(0);
    let hasPreface = false;
    socket.write(settings);
    socket.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      if (!hasPreface) {
        if (pending.length < prefaceLength) {
          return;
        }
        pending = pending.subarray(prefaceLength);
        hasPreface = true;
      }
      for (let end = frameEnd(pending); pending.length >= end; end = frameEnd(pending)) {
        const [type, flags, stream] = [pending[3], pending[4]!, pending.readUInt32BE(5)];
        pending = pending.subarray(end);
        if (type === types.headers) {
          socket.write(Buffer.concat(onHeaders(stream, ++requests, socket) ?? []));
        } else if (type === types.settings && (flags & ack) === 0) {
          socket.write(frame(types.settings, ack, 0, Buffer.alloc(0)));
        }
      }
    });
  };
}

/** Where the first frame ends; Infinity: its head has not come. */
function frameEnd(bytes: Buffer): number {
  return bytes.length < headLength ? Number.POSITIVE_INFINITY : headLength + bytes.readUIntBE(0, 3);
}

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(headLength);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

function uint32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

/** HPACK: literal fields without indexing, names and values of less than 127 bytes (RFC 7541, 6.2.2). */
function literals(fields: Readonly<Record<string, string>>): Buffer[] {
  return Object.entries(fields).map(([name, value]) =>
    Buffer.concat([
      Buffer.from([0, name.length]),
      Buffer.from(name),
      Buffer.from([value.length]),
      Buffer.from(value),
    ]),
  );
}
