import { expect, it } from 'vitest';
import { HeldBodies } from '../../src/fetch/held-bodies.ts';
import type { Task } from '../../src/model/task.ts';

const body = Buffer.alloc(40 * 1024 * 1024);

function task(index: number, ownsBody: boolean): Task {
  return {
    index,
    url: 'http://a/',
    origin: 'http://a',
    request: { method: 'POST', headers: [], body, ownsBody },
  };
}

it('says when waiting bodies are much, until some are gone', () => {
  const bodies = new HeldBodies();
  bodies.hold(task(0, true));
  expect(bodies.isMuch).toBe(false);
  bodies.hold(task(1, true));
  expect(bodies.isMuch).toBe(true);
  bodies.release(0);
  expect(bodies.isMuch).toBe(false);
  bodies.release(0);
  bodies.hold(task(2, true));
  expect(bodies.isMuch).toBe(true);
});

it('does not count a body that many tasks share', () => {
  const bodies = new HeldBodies();
  [0, 1, 2].forEach((index) => bodies.hold(task(index, false)));
  expect(bodies.isMuch).toBe(false);
});
