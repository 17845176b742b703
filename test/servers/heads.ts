import { on } from 'node:events';
import type { Socket } from 'node:net';

/**
 * The request heads that come over a connection, each up to and including its empty line, until the
 * client ends or resets. Has to be first in reading: what came earlier is lost. Bodies are skipped where a Content-Length tells how long they are.
 */
export async function* requestHeads(socket: Socket): AsyncGenerator<string, void> {
  let pending = '';
  for await (const chunk of chunksOf(socket)) {
    pending += chunk;
    for (let end = wholeUntil(pending); end !== undefined; end = wholeUntil(pending)) {
      const head = pending.slice(0, pending.indexOf(emptyLine) + emptyLine.length);
      pending = pending.slice(end);
      yield head;
    }
  }
}

const emptyLine = '\r\n\r\n';

/** Bytes as latin1 text, so that lengths are lengths in bytes. A reset is an end like any other. */
async function* chunksOf(socket: Socket): AsyncGenerator<string, void> {
  try {
    for await (const [chunk] of on(socket, 'data', { close: ['end', 'close'] })) {
      yield chunk.toString('latin1');
    }
  } catch (error) {
    if (error !== socket.errored) {
      throw error;
    }
  }
}

/** Where the first request ends, or undefined while it is not whole. */
function wholeUntil(text: string): number | undefined {
  const headEnd = text.indexOf(emptyLine);
  if (headEnd === -1) {
    return undefined;
  }
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, headEnd))?.[1] ?? '0';
  const end = headEnd + emptyLine.length + Number(length);
  return text.length < end ? undefined : end;
}
