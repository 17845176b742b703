import * as fc from 'fast-check';
import { expect } from 'vitest';
import { nextPage } from '../../src/fetch/pages/next-page.ts';
import { createTask } from '../../src/model/task.ts';
import { isFailure } from '../../src/model/url.ts';
import { request } from '../sources/settings.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { page } from './page.ts';

const task = createTask(0, undefined, 'http://h.example/items?page=1', request);
const link = fc
  .tuple(
    fc.constantFrom(
      '/2',
      '?page=2',
      'http://other.example/',
      'ftp://h/',
      'http://',
      'javascript:1',
      '//u:p@h:1/',
      '',
    ),
    fc.array(
      fc.constantFrom(
        'rel=next',
        'rel="prev next"',
        'rel="last"',
        'title="a,b;<c>"',
        'anchor="#x"',
        'rel',
        'rel=',
      ),
      { maxLength: 3 },
    ),
  )
  .map(([reference, parameters]) => [`<${reference}>`, ...parameters].join('; '));
const field = damaged(
  fc.array(link, { maxLength: 3 }).map((links) => links.join(', ')),
  ['<', '>', '<>', ';', ',', '"', '\\', '=', ' ', 'rel', 'next', '<>;a="', '<>;"\\', '; ; '],
);

fuzz(
  'a Link field leads to an http URL, to a failure, or nowhere',
  fc.array(field, { maxLength: 3 }),
  (fields) => {
    const next = nextPage({ by: 'link' }, page({ url: task.url, headers: { link: fields } }), task);
    if (next !== undefined && 'target' in next) {
      const { target } = next;
      expect(isFailure(target) ? target.code : target.url).toMatch(/^(?:BAD_NEXT$|https?:\/\/[^@/?#]+\/)/);
    } else {
      expect(next).toBeUndefined();
    }
  },
);
