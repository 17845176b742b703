import fs from 'node:fs';
import type { RunObserver } from '../../model/observer.ts';
import type { Bytes, Milliseconds } from '../../model/units.ts';
import { Trace, type TraceEvent } from '../../report/trace.ts';
import { compressionOf } from '../../sinks/compression.ts';
import { fileWriter, openAnew, type FileWriter } from '../../sinks/descriptor.ts';
import type { Sink } from '../../sinks/sink.ts';

/** A trace that is being written. */
export interface TraceFile {
  readonly observer: RunObserver;
  /** The same sink, which takes no more batches than the trace can keep up with, and throws what goes wrong with it. */
  over(sink: Sink): Sink;
  /** Writes the rest. Throws `SinkError`. */
  close(): Promise<void>;
}

/** A write is worth while … */
const fullChunk: Bytes = 256 * 1024;
/** … or due, so that a run that is killed leaves all but its last second. */
const flushMs: Milliseconds = 1000;

/**
 * Opens a file of trace events, anew. It is the array form, a line an event: one that ends before its bracket
 * opens as well. Throws `SinkError`.
 */
export async function openTrace(path: string): Promise<TraceFile> {
  const writer = await openWriter(path);
  const trace = new Trace();
  await writer.write(Buffer.from(`[\n${trace.begin().map(line).join(',\n')}`)); // an empty file opens nowhere
  let text = '';
  let flushedAt = performance.now();
  let writing: Promise<void> | undefined;
  let fault: { readonly error: unknown } | undefined;

  async function write(): Promise<void> {
    const chunk = text;
    text = '';
    flushedAt = performance.now();
    try {
      await writer.write(Buffer.from(chunk));
    } catch (error) {
      fault ??= { error };
    }
    writing = undefined;
  }

  /** Resolves when what is under way is written. */
  async function settled(): Promise<void> {
    await writing;
    if (fault !== undefined) {
      throw fault.error;
    }
  }

  /** The process exits at once. What is compressed cannot be written at once. */
  function writeLast(): void {
    if (writing !== undefined || fault !== undefined || compressionOf(path) !== undefined) {
      return;
    }
    try {
      fs.writeSync(writer.fd, text);
    } catch {
      // why the process exits is told, and matters more
    }
  }

  process.once('exit', writeLast);
  return {
    observer(event) {
      if (fault !== undefined) {
        return; // it is thrown by the next write
      }
      for (const one of trace.of(event)) {
        text += `,\n${line(one)}`;
      }
      const isDue = text.length >= fullChunk || event.at - flushedAt >= flushMs;
      if (isDue) {
        writing ??= write();
      }
    },
    over: (sink) => ({
      name: sink.name,
      window: sink.window,
      async write(batch) {
        await sink.write(batch);
        if (writing !== undefined || fault !== undefined) {
          await settled();
        }
      },
      close: () => sink.close(),
    }),
    async close() {
      process.off('exit', writeLast);
      try {
        await settled();
        text += '\n]\n';
        await write();
        await settled();
      } finally {
        await writer.close();
      }
    },
  };
}

async function openWriter(path: string): Promise<FileWriter> {
  const writer = fileWriter(openAnew(path), path);
  const compression = compressionOf(path);
  return compression === undefined
    ? writer
    : (await import('../../sinks/compressed-writer.ts')).compressedWriter(writer, compression);
}

function line(event: TraceEvent): string {
  return JSON.stringify(event);
}
