import { inTurn, end, send } from '../acts.ts';
import { head, whole } from '../answers.ts';
import { rightAnswer, type Fault } from './fault.ts';

/** Redirects that lead nowhere, errors, and farewells without a word. */
export const statuses = {
  'redirect-loop': {
    act: ({ id }) => send(redirect([`Location: /redirect-loop/${id}`])),
    told: 'TOO_MANY_REDIRECTS',
  },
  'redirect-without-location': { act: () => send(redirect([])), told: 'BAD_LOCATION' },
  'redirect-to-file': { act: () => send(redirect(['Location: file:///etc/passwd'])), told: 'BAD_LOCATION' },
  'redirect-to-script': {
    act: () => send(redirect(['Location: javascript:alert(1)'])),
    told: 'BAD_LOCATION',
  },
  'redirect-to-nonsense': { act: () => send(redirect(['Location: http://'])), told: 'BAD_LOCATION' },

  'error-500': { act: () => send(whole('sorry').replace('200 OK', '500 Sorry')), told: 'HTTP_STATUS' },
  'busy-503': {
    act: () => send(whole('busy', ['Retry-After: 0']).replace('200 OK', '503 Busy')),
    told: 'HTTP_STATUS',
  },

  'close-after-answer': { act: (request) => inTurn(send(rightAnswer(request)), end()), told: 'ok' },
} as const satisfies Record<string, Fault>;

function redirect(headers: readonly string[]): string {
  return head(['Content-Length: 0', ...headers], '302 Found');
}
