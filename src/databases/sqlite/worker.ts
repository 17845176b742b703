import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { AnswerMessage, CallMessage, Calls, FileSettings, ReadBatch } from './calls.ts';
import { toFault } from './faults.ts';
import { Work } from './work.ts';

// The thread on which SQLite works, so that the loop that fetches never waits for a disk or a lock.

const port = parentPort!;
const work = new Work(workerData as FileSettings);

port.on('message', handle);

function handle({ call, name, values }: CallMessage): void {
  try {
    if (name === 'next') {
      const [cursor] = values as Parameters<Calls['next']>;
      work.next(cursor, readerOf(call), handleWaiting);
      return;
    }
    const method = work[name] as (...values: readonly unknown[]) => unknown;
    answer({ call, answer: method.apply(work, [...values]) });
    if (name === 'close') {
      port.close();
    }
  } catch (error) {
    answer({ call, fault: toFault(error) });
  }
}

function readerOf(call: number) {
  return {
    take: (batch: ReadBatch) => answer({ call, answer: batch }, [batch.rows.buffer as ArrayBuffer]),
    fail: (error: unknown) => answer({ call, fault: toFault(error) }),
  };
}

/** A long query is a single turn of the event loop; this is what it lets in between. */
function handleWaiting(): void {
  for (
    let waiting = receiveMessageOnPort(port);
    waiting !== undefined;
    waiting = receiveMessageOnPort(port)
  ) {
    handle(waiting.message as CallMessage);
  }
}

function answer(message: AnswerMessage, moved: ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}
