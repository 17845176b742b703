import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** Sends a whole answer in one write. */
export function deliver(response: ServerResponse, answer: Answer): void {
  writeHead(response, answer);
  response.end(answer.body);
}

/**
 * Resets the connection (RST, not FIN), without a byte or after the head and half of the body. Half
 * of nothing cannot be told from the whole: then too nothing is sent.
 */
export function deliverReset(response: ServerResponse, answer: Answer, when: 'before' | 'within'): void {
  const reset = () => response.socket?.resetAndDestroy();
  const body = Buffer.from(answer.body);
  if (when === 'before' || body.length === 0 || !hasBody(response.req.method, answer.status)) {
    reset();
    return;
  }
  writeHead(response, answer);
  // Only when the system has the first half: a reset drops what is not sent yet.
  response.write(body.subarray(0, Math.ceil(body.length / 2)), reset);
}

function writeHead(response: ServerResponse, answer: Answer): void {
  const length = typeof answer.body === 'string' ? Buffer.byteLength(answer.body) : answer.body.byteLength;
  const headers = statusHasBody(answer.status)
    ? [...answer.headers, 'Content-Length', String(length)]
    : [...answer.headers];
  response.writeHead(answer.status, headers);
}

function hasBody(method: string | undefined, status: number): boolean {
  return method !== 'HEAD' && statusHasBody(status);
}

/** RFC 9110, section 6.4.1. */
function statusHasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
