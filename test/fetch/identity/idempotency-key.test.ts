import { describe, expect, it } from 'vitest';
import { idempotencyKey } from '../../../src/fetch/identity/idempotency-key.ts';
import { Job } from '../../../src/fetch/job.ts';
import { createTask, type RequestSpec } from '../../../src/model/task.ts';

const request: RequestSpec = { method: 'POST', headers: [], body: Buffer.from('{"a":1}') };
const url = 'http://a.example/things';

function keyOf({ index = 0, id = undefined as string | undefined, to = url, sent = request }): string {
  return idempotencyKey(new Job(createTask(index, id, to, sent)), sent);
}

describe('idempotencyKey', () => {
  // What it is may never change: a later version would send again what an earlier one has sent.
  it.each([
    [{}, '5d36f40a-26c5-8203-a9c6-0009094f595c'],
    [{ id: 'order-7' }, '47440aa2-37d5-88c7-aa6c-df85d686f60d'],
    [{ sent: { ...request, body: undefined } }, '2b32b8fa-2091-86e5-8a0f-915cc1b04b57'],
  ])('%j', (of, expected) => {
    expect(keyOf(of)).toBe(expected);
  });

  it('is another for another id, index, method, URL or body', () => {
    const keys = [
      keyOf({}),
      keyOf({ index: 1 }),
      keyOf({ id: '0' }),
      keyOf({ to: `${url}/` }),
      keyOf({ sent: { ...request, method: 'PATCH' } }),
      keyOf({ sent: { ...request, body: Buffer.from('{"a":2}') } }),
      keyOf({ sent: { ...request, body: undefined } }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('of a task with an id does not depend on its place', () => {
    expect(keyOf({ index: 5, id: 'x' })).toBe(keyOf({ index: 9, id: 'x' }));
  });
});
