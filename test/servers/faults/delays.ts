import { drip, forever, inTurn, informationalForever, send, stall, stallAfter } from '../acts.ts';
import { chunked, head, hugeHeaders, truncated } from '../answers.ts';
import { rightAnswer, type Fault } from './fault.ts';

const untilClose = head(['Connection: close']);
const inChunks = head(['Transfer-Encoding: chunked']);
const second = 1000;

/** Answers that take too long, or would never end. */
export const delays = {
  'stall-before-answer': { act: () => stall(), told: 'TOTAL_TIMEOUT' },
  'stall-after-103': { act: () => stallAfter(head([], '103 Early Hints')), told: 'TOTAL_TIMEOUT' },
  'stall-in-status': { act: () => stallAfter('HTTP/1.1 2'), told: 'TOTAL_TIMEOUT' },
  'stall-in-head': { act: () => stallAfter('HTTP/1.1 200 OK\r\nX-Be'), told: 'TOTAL_TIMEOUT' },
  'stall-after-head': { act: () => stallAfter(truncated('', 8)), told: 'TOTAL_TIMEOUT' },
  'stall-in-body': { act: () => stallAfter(truncated('half', 4)), told: 'TOTAL_TIMEOUT' },
  'stall-in-chunk': { act: () => stallAfter(chunked([], '8\r\nhalf')), told: 'TOTAL_TIMEOUT' },
  'stall-before-last-chunk': { act: () => stallAfter(chunked(['all'], '')), told: 'TOTAL_TIMEOUT' },
  'stall-in-trailer': { act: () => stallAfter(chunked(['all'], '0\r\nX-Tra')), told: 'TOTAL_TIMEOUT' },
  'stall-before-close': { act: () => stallAfter(`${untilClose}all`), told: 'TOTAL_TIMEOUT' },

  'drip-head': { act: () => drip(hugeHeaders(8 * 1024), 5), told: 'TOTAL_TIMEOUT' },
  'drip-body': { act: () => inTurn(send(untilClose), forever('x', 5)), told: 'TOTAL_TIMEOUT' },
  'drip-chunk-size': {
    act: () => inTurn(send(inChunks), drip('0'.repeat(11), second)),
    told: 'TOTAL_TIMEOUT',
  },
  'drip-right-answer': { act: (request) => drip(rightAnswer(request), 1), told: 'ok' },

  'endless-1xx': { act: () => informationalForever(1), told: 'TOTAL_TIMEOUT' },
  'endless-chunks': { act: () => inTurn(send(inChunks), forever('1\r\nx\r\n', 5)), told: 'TOTAL_TIMEOUT' },
  'endless-body': {
    act: () => inTurn(send(untilClose), forever('x'.repeat(16_384), 0)),
    told: 'BODY_TOO_LARGE',
  },
  'endless-field': {
    act: () => inTurn(send('HTTP/1.1 200 OK\r\nX-Endless: '), forever('x'.repeat(1000), 0)),
    told: 'HEADERS_TOO_LARGE',
  },
  'endless-fields': {
    act: () => inTurn(send('HTTP/1.1 200 OK\r\n'), forever('X-Many: field\r\n'.repeat(50), 0)),
    told: 'HEADERS_TOO_LARGE',
  },
  'endless-trailers': {
    act: () => inTurn(send(`${inChunks}0\r\n`), forever('X-Many: field\r\n'.repeat(50), 0)),
    told: 'HEADERS_TOO_LARGE',
  },
  'endless-chunk-extension': {
    act: () => inTurn(send(`${inChunks}1;x=`), forever('x'.repeat(1000), 0)),
    told: 'BAD_RESPONSE',
  },
} as const satisfies Record<string, Fault>;
