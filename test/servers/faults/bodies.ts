import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { inTurn, send } from '../acts.ts';
import { head } from '../answers.ts';
import type { Act } from '../raw.ts';
import { rightBody, type Fault, type Told } from './fault.ts';

const megabyte = Buffer.alloc(1024 * 1024);
const text = Buffer.from('text that is worth compressing, '.repeat(20));
const garbage = Buffer.from('not compressed at all');

/** Bodies that are not what `Content-Encoding` says, or far more than they seem. */
export const bodies = {
  'gzip-garbage': coded('gzip', garbage, 'DECODE_FAILED'),
  'gzip-cut': coded('gzip', halfOf(gzipSync(text)), 'DECODE_FAILED'),
  'gzip-wrong-checksum': coded('gzip', flipped(gzipSync(text), -8), 'DECODE_FAILED'),
  'deflate-garbage': coded('deflate', garbage, 'DECODE_FAILED'),
  'deflate-cut': coded('deflate', halfOf(deflateSync(text)), 'DECODE_FAILED'),
  'br-garbage': coded('br', garbage, 'DECODE_FAILED'),
  'br-cut': coded('br', halfOf(brotliCompressSync(text)), 'DECODE_FAILED'),
  'zstd-garbage': coded('zstd', garbage, 'DECODE_FAILED'),
  'zstd-cut': coded('zstd', halfOf(zstdCompressSync(text)), 'DECODE_FAILED'),
  'coding-unknown': coded('cow', text, 'UNSUPPORTED_ENCODING'),
  'six-codings': coded('gzip, gzip, gzip, gzip, gzip, gzip', garbage, 'UNSUPPORTED_ENCODING'),

  'gzip-bomb': coded('gzip', gzipSync(megabyte), 'BODY_TOO_LARGE'),
  'gzip-bomb-twice': coded('gzip, gzip', gzipSync(gzipSync(megabyte)), 'BODY_TOO_LARGE'),
  'deflate-bomb': coded('deflate', deflateSync(megabyte), 'BODY_TOO_LARGE'),
  'br-bomb': coded('br', brotliCompressSync(megabyte), 'BODY_TOO_LARGE'),
  'zstd-bomb': coded('zstd', zstdCompressSync(megabyte), 'BODY_TOO_LARGE'),
  'bomb-on-error': {
    act: () => codedAnswer('gzip', gzipSync(megabyte), [], '500 Sorry'),
    told: 'HTTP_STATUS',
  },
  'bomb-on-redirect': {
    act: ({ id }) => codedAnswer('gzip', gzipSync(megabyte), [`Location: /none/${id}`], '302 Found'),
    told: 'ok',
  },
  'gzip-of-nothing-more': {
    act: ({ id }) => codedAnswer('gzip', gzipSync(rightBody(id))),
    told: 'ok',
  },
} as const satisfies Record<string, Fault>;

function coded(coding: string, body: Buffer, told: Told): Fault {
  return { act: () => codedAnswer(coding, body), told };
}

function codedAnswer(coding: string, body: Buffer, headers: readonly string[] = [], status = '200 OK'): Act {
  const fields = [`Content-Length: ${body.length}`, `Content-Encoding: ${coding}`, ...headers];
  return inTurn(send(head(fields, status)), send(body));
}

function halfOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.length / 2);
}

/** With a byte changed; a negative place counts from the end. */
function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length + at]! ^= 0xff;
  return changed;
}
