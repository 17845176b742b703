import { Session, type Debugger } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import {
  parting,
  type Blocked,
  type Frame,
  type WatchdogCall,
  type WatchdogData,
} from './watchdog-messages.ts';

// The thread of the watchdog. It looks now and then whether the main thread's event loop still turns; when
// it does not, it has the main thread stopped, as a debugger does, reads the stack and lets it go on.

const { beats, parting: partingState, thresholdMs } = workerData as WatchdogData;
const port = parentPort!;
const session = new Session();
const files = new Map<string, string>();
/** The last stack, and the beat after which it was taken. */
let taken: { readonly beat: bigint; readonly frames: readonly Frame[] } | undefined;
/** The main thread has been told to stop since this beat. */
let asked: bigint | undefined;

session.connectToMainThread();
session.on('Debugger.scriptParsed', ({ params: { scriptId, url } }) => files.set(scriptId, url));
session.on('Debugger.paused', ({ params: { callFrames } }) => {
  const beat = Atomics.load(beats, 0);
  if (beat === asked) {
    taken = { beat, frames: callFrames.map(frameOf) }; // else it has gone on before it stopped
  }
  session.post('Debugger.resume');
});
// It tells of every script of the main thread, which takes that thread some time.
session.post('Debugger.enable', () => port.postMessage('ready'));

/** Half of what is allowed: a block that is a little too long is to be caught as well. */
const patienceNs = BigInt(Math.round((thresholdMs / 2) * 1e6));
setInterval(look, Math.max(2, Math.min(25, thresholdMs / 8)));

port.on('message', (call: WatchdogCall) => {
  if (call === 'stop') {
    session.disconnect();
    process.exit();
  }
  const frames = taken?.beat === call.beat ? taken.frames : [];
  port.postMessage({ blockedMs: call.blockedMs, frames } satisfies Blocked);
});

function look(): void {
  if (Atomics.load(partingState, 0) === parting.asked) {
    session.disconnect();
    Atomics.store(partingState, 0, parting.done);
    return;
  }
  const beat = Atomics.load(beats, 0);
  if (beat !== asked && process.hrtime.bigint() - beat > patienceNs) {
    asked = beat;
    session.post('Debugger.pause');
  }
}

function frameOf({ functionName, location, url }: Debugger.CallFrame): Frame {
  const { scriptId, lineNumber, columnNumber = 0 } = location;
  const file = files.get(scriptId) ?? url;
  return { name: functionName, file, line: lineNumber + 1, column: columnNumber + 1 };
}
