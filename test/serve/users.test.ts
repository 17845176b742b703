import { expect, it } from 'vitest';
import { userWriter } from '../../src/serve/users.ts';

const ids = ['0', '1', '17', '20000', '999999999999999'];

it.each(ids)('writes user %s as JSON of exactly the size', (id) => {
  for (const size of [500, 1024, 100_000]) {
    const text = userWriter(size)(id);
    expect(Buffer.byteLength(text)).toBe(size);
    expect(JSON.parse(text)).toMatchObject({ id: Number(id), name: expect.stringMatching(/^\w+ \w+$/) });
  }
});

it('writes all fields even when they do not fit', () => {
  const text = userWriter(0)('17');
  expect(text.length).toBeLessThan(400);
  expect(JSON.parse(text)).toMatchObject({ id: 17, about: '' });
});

it('writes the same user every time, and another for another id', () => {
  const write = userWriter(1024);
  expect(userWriter(1024)('5')).toBe(write('5'));
  expect(new Set(ids.map((id) => JSON.parse(write(id)).email)).size).toBe(ids.length);
});
