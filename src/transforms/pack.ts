import { bodylessLine } from '../model/line.ts';
import type { FetchRecord, RecordFields } from '../model/record.ts';
import { isQueued, type BatchMessage } from './message.ts';

/**
 * Records as they travel. Their bodies are copied into one piece of memory, which is then transferred: the
 * records keep theirs, for a worker may die over them.
 */
export function pack(records: readonly FetchRecord[]): BatchMessage {
  const bodies = records.map(bytesOf);
  // Not cleared first: all of it is written. Not out of a pool either, for it goes away.
  const memory = Buffer.allocUnsafeSlow(bodies.reduce((sum, body) => sum + (body?.length ?? 0), 0));
  let end = 0;
  for (const body of bodies) {
    if (body !== undefined) {
      memory.set(body, end);
      end += body.length;
    }
  }
  return {
    lines: records.map(bodylessLine).join(''),
    bodies: memory.buffer,
    lengths: bodies.map((body) => body?.length ?? -1),
    progress: newProgress(),
  };
}

/** What a worker notes its progress in. */
export function newProgress(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)).fill(isQueued, 0, 1);
}

/** The body as it came; undefined: there is none, or it is empty. */
export function bytesOf({ content }: RecordFields): Uint8Array | undefined {
  return content?.form === 'base64' ? content.bytes : undefined;
}
