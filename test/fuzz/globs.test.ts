import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseTemplate } from '../../src/sources/urls/template.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { orRejected } from './rejects.ts';

const glob = damaged(
  fc
    .array(
      fc.constantFrom(
        'a',
        '[1-3]',
        '[001-100:10]',
        '[a-z:2]',
        '{b,c}',
        '{id}',
        String.raw`\[`,
        '[::1]',
        '%5B',
      ),
      {
        maxLength: 5,
      },
    )
    .map((pieces) => `http://h/${pieces.join('')}`),
  [
    '[',
    ']',
    '{',
    '}',
    '\\',
    ',',
    '-',
    ':',
    '0',
    '1',
    '9',
    'a',
    'z',
    '{id}',
    '[0-9007199254740991]',
    '[9-1]',
    '{}',
  ],
);

fuzz(
  'globs make URLs, or are refused by position',
  fc.tuple(glob, fc.boolean(), fc.nat()),
  ([url, globoff, at]) => {
    const template = orRejected(
      () => parseTemplate(url, globoff),
      /^(?:.* in URL at position \d+: |more URLs than can be counted)/s,
    );
    if (template !== undefined) {
      const { size } = template;
      expect(Number.isSafeInteger(size) && size >= 1).toBe(true);
      const picked = [0, at % size, size - 1].map((index) => template.at(index, 'ID'));
      picked.forEach((one) => expect(typeof one).toBe('string'));
      if (!template.hasId && size === 1 && globoff) {
        expect(picked[0]).toBe(url);
      }
    }
  },
);
