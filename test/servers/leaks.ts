import { createHook } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import { beforeEach } from 'vitest';
import { until } from './until.ts';

/**
 * Makes every test of the file fail that leaves a socket, a listening server or a timer behind. Called
 * once, at the top of the file or of a `describe`; not for concurrent tests. What is closing gets
 * `withinMs` to be closed. The end of a server also closes the sockets that its client leaked: where
 * the client is what is tested, look at `server.sockets.open` while the server still runs.
 */
export function failOnLeaks(withinMs = 2000): void {
  beforeEach(({ onTestFinished }) => {
    const alive = new Map<number, Resource>();
    let finished = false;
    const hook = createHook({
      init(id, type, _, object) {
        const name = watched.get(type);
        if (name !== undefined && !finished) {
          alive.set(id, { name, object, stack: new Error('created here').stack ?? '' });
        }
      },
      destroy: (id) => void alive.delete(id),
    }).enable();
    const leaks = () => [...alive.values()].filter(isHeld);
    // Not afterEach: that comes before what the test itself wants done when it is finished.
    onTestFinished(async () => {
      finished = true; // the waiting below has timers of its own
      try {
        await until(() => leaks().length === 0, { timeoutMs: withinMs });
      } catch {
        throw new Error(`the test leaked ${leaks().map(describeLeak).join(', ')}`);
      } finally {
        hook.disable();
      }
    });
  });
}

/** Something that the system or the event loop holds for us. */
interface Resource {
  readonly name: string;
  readonly object: object;
  readonly stack: string;
}

/** What is watched, by the name that async_hooks has for it. TLS sockets are TCP sockets beneath. */
const watched: ReadonlyMap<string, string> = new Map([
  ['TCPWRAP', 'a socket'],
  ['TCPSERVERWRAP', 'a listening server'],
  ['Timeout', 'a timer'],
]);

/**
 * An unref'd timer is no leak: Node has some of its own, for the `Date` header for one. An unref'd
 * socket is: an idle one in a pool.
 */
function isHeld({ name, object }: Resource): boolean {
  return name !== 'a timer' || (isTimer(object) && object.hasRef());
}

function isTimer(object: object): object is NodeJS.Timeout {
  return 'hasRef' in object;
}

/** Its name, and the lines of this repository that led to it. */
function describeLeak({ name, stack }: Resource): string {
  const own = stack.split('\n').filter((line) => line.includes(root) && !line.includes('node_modules'));
  return [name, ...own.slice(1)].join('\n');
}

const root = fileURLToPath(new URL('../..', import.meta.url));
