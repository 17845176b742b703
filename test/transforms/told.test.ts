import { expect, it } from 'vitest';
import { onceEach } from '../../src/transforms/told.ts';

it('each text is told once, and of many only that there are more', () => {
  const told: string[] = [];
  const tell = onceEach((text) => told.push(text));
  for (let at = 0; at < 50; at++) {
    tell(`text ${at}`);
    tell('text 0');
  }
  expect(told).toEqual([
    ...Array.from({ length: 20 }, (_, at) => `text ${at}`),
    'transforms: more errors that nothing caught are not told',
  ]);
});
