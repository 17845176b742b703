import type { IncomingMessage } from 'node:http';
import type { Bytes } from '../model/units.ts';

/**
 * Hands over the body of a request as text, or undefined when it is too long; never when the client
 * goes away in the middle. Without a body, at once, in the same turn of the event loop.
 */
export function receive(request: IncomingMessage, done: (body: string | undefined) => void): void {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  if (coding === undefined && (length === undefined || length === '0')) {
    done('');
    return;
  }
  const chunks: Buffer[] = [];
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received <= longest) {
      chunks.push(chunk);
    }
  });
  request.on('end', () => done(received <= longest ? Buffer.concat(chunks).toString() : undefined));
}

/** Kept whole in memory, so there is a limit. What is above it is read and thrown away. */
const longest: Bytes = 16 * 1024 * 1024;
