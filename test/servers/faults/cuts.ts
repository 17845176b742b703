import { end, inTurn, reset, resetAfterBytes, send } from '../acts.ts';
import { chunked, head, truncated } from '../answers.ts';
import type { Fault } from './fault.ts';

const begun = 'HTTP/1.1 200 OK\r\nX-Be';
const earlyHints = head(['Link: </x>'], '103 Early Hints');
const announced = (text: string) => text.replace('\r\n', '\r\nConnection: close\r\n');

/** Connections that end before the answer does. */
export const cuts = {
  'reset-before-answer': { act: () => reset(), told: 'CONNECTION_RESET' },
  'close-before-answer': { act: () => end(), told: 'CONNECTION_CLOSED' },
  'reset-after-103': { act: () => inTurn(send(earlyHints), reset()), told: resetAfterBytes },
  'close-after-103': { act: () => inTurn(send(earlyHints), end()), told: 'CONNECTION_CLOSED' },
  'reset-in-head': { act: () => inTurn(send(begun), reset()), told: resetAfterBytes },
  'close-in-head': { act: () => inTurn(send(begun), end()), told: 'CONNECTION_CLOSED' },
  'reset-in-body': { act: () => inTurn(send(truncated('half', 4)), reset()), told: resetAfterBytes },
  'close-in-body': { act: () => inTurn(send(truncated('half', 4)), end()), told: 'CONNECTION_CLOSED' },
  'close-in-body-as-announced': {
    act: () => inTurn(send(announced(truncated('half', 4))), end()),
    told: 'CONNECTION_CLOSED',
  },
  'reset-in-chunk': {
    act: () => inTurn(send(chunked(['half'], '5\r\nha')), reset()),
    told: resetAfterBytes,
  },
  'close-in-chunk': {
    act: () => inTurn(send(chunked(['half'], '5\r\nha')), end()),
    told: 'CONNECTION_CLOSED',
  },
  'close-before-last-chunk': {
    act: () => inTurn(send(chunked(['all'], '')), end()),
    told: 'CONNECTION_CLOSED',
  },
  'close-in-trailer': {
    act: () => inTurn(send(chunked(['all'], '0\r\nX-Tra')), end()),
    told: 'CONNECTION_CLOSED',
  },
} as const satisfies Record<string, Fault>;
