import tty from 'node:tty';
import type { LineOf } from '../model/line.ts';
import { terminalLine } from '../model/terminal-line.ts';
import type { FileWriter } from './descriptor.ts';
import type { Sink } from './sink.ts';

/** Room for a batch of common size; larger ones get memory of their own. */
const keptMemory = 1024 * 1024;

/**
 * JSON Lines: one line a record, one system call a batch, off the event loop, so that a slow reader stalls no
 * fetch.
 */
export function jsonlSink(writer: FileWriter, recordLine: LineOf): Sink {
  const lineOf = tty.isatty(writer.fd) ? terminalLine(recordLine) : recordLine;
  const memory = Buffer.allocUnsafeSlow(keptMemory);
  return {
    name: writer.name,
    async write(batch) {
      let text = '';
      for (const record of batch) {
        text += lineOf(record);
      }
      await writer.write(encoded(text, memory));
    },
    close: () => writer.close(),
  };
}

/** In UTF-8. Memory that is used again costs half of fresh memory; a UTF-16 unit makes at most three bytes. */
function encoded(text: string, memory: Buffer): Buffer {
  const fits = text.length * 3 <= memory.length;
  return fits ? memory.subarray(0, memory.write(text, 0)) : Buffer.from(text);
}
