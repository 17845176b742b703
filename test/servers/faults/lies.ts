import { inTurn, send } from '../acts.ts';
import { badLength, chunked, extraBytes, head, hugeHeaders, whole } from '../answers.ts';
import { rightAnswer, rightBody, type Fault, type Told } from './fault.ts';

const inChunks = head(['Transfer-Encoding: chunked']);
const wrong = whole('nobody asked for this');

/** Answers whose framing is wrong, contradicts itself or is not of HTTP/1.1. */
export const lies = {
  'no-http': saying('hello\r\n\r\n'),
  'another-protocol': saying('SSH-2.0-OpenSSH_9.6\r\n'),
  'http-2-preface': saying('\0\0\u0012\u0004\0\0\0\0\0\0\u0003\0\0\0\u0080\0\u0004\0\u0001\0\0'),
  'no-status': saying('HTTP/1.1 OK\r\n\r\n'),
  'status-of-4-digits': saying('HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'),
  'switching-protocols': saying(head(['Upgrade: x', 'Connection: upgrade'], '101 Switching Protocols')),
  'field-without-colon': saying(whole('x', ['no colon'])),
  'space-before-colon': saying(whole('x', ['X-A : 1'])),
  'nul-in-field': saying(whole('x', ['X-A: \0'])),
  'bare-line-feeds': saying(whole('x').replaceAll('\r\n', '\n')),
  'huge-field': saying(hugeHeaders(17 * 1024), 'HEADERS_TOO_LARGE'),
  'many-fields': saying(whole('', Array<string>(2000).fill('X-Many: field')), 'HEADERS_TOO_LARGE'),

  'length-no-number': saying(badLength('hello', 'five')),
  'length-negative': saying(badLength('hello', '-5')),
  'length-beyond-numbers': saying(badLength('hello', '9'.repeat(30))),
  'length-of-a-terabyte': saying(badLength('hello', '1000000000000'), 'BODY_TOO_LARGE'),
  'two-lengths': saying(`${head(['Content-Length: 5', 'Content-Length: 6'])}hello`),
  'length-list': saying(badLength('hello', '5, 6')),
  'length-and-chunks': saying(chunked(['hello']).replace('\r\n', '\r\nContent-Length: 5\r\n')),
  'two-transfer-codings': saying(chunked(['hello']).replace('chunked', 'gzip, chunked')),
  'unknown-transfer-coding': saying(chunked(['hello']).replace('chunked', 'cow')),
  'chunk-size-no-number': saying(`${inChunks}xyz\r\nhello\r\n0\r\n\r\n`),
  'chunk-size-negative': saying(`${inChunks}-1\r\nhello\r\n0\r\n\r\n`),
  'chunk-size-beyond-numbers': saying(`${inChunks}${'f'.repeat(30)}\r\nhello`),
  'chunk-longer-than-size': saying(`${inChunks}3\r\nhello\r\n0\r\n\r\n`),
  'trailer-without-colon': saying(chunked(['hello'], '0\r\nno colon\r\n\r\n')),

  'length-too-small': {
    act: ({ id }) => send(badLength(`${rightBody(id)} and more`, `${rightBody(id).length}`)),
    told: 'ok',
  },
  'garbage-after-end': { act: ({ id }) => send(extraBytes(rightBody(id), 'garbage')), told: 'ok' },
  'second-answer': { act: (request) => send(rightAnswer(request) + wrong), told: 'ok' },
  'late-second-answer': {
    act: (request) => inTurn(send(rightAnswer(request)), nextTurn, send(wrong)),
    told: 'ok',
    harmsNext: true, // HTTP/1.1 has no way to tell whose answer it is when a request has crossed it
  },
  'body-after-204': {
    act: () => send(`${head(['Content-Length: 5'], '204 No Content')}hello`),
    told: 'ok',
  },
} as const satisfies Record<string, Fault>;

function saying(bytes: string, told: Told = 'BAD_RESPONSE'): Fault {
  return { act: () => send(bytes), told };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
