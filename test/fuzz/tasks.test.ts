import * as fc from 'fast-check';
import { expect } from 'vitest';
import { tasksReader } from '../../src/sources/tasks/tasks.ts';
import { chunksOf, cuts, damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { isTaskLine, readText } from './input.ts';
import { jsonPieces, jsonText } from './json-text.ts';

const text = fc.oneof(fc.constantFrom('a', 'é', '€', 'a\r\nb: c', ''), fc.string({ unit: 'binary' }));
const scalar = fc.oneof(text, fc.double({ noNaN: true }), fc.boolean());
const values = fc.dictionary(
  fc.oneof(fc.constantFrom('X-A', 'Accept', 'Host', 'content-length', 'x\ny', '__proto__'), text),
  mostly(fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }))),
  { maxKeys: 3 },
);
const url = fc.oneof(
  fc.webUrl(),
  fc.constantFrom('http://u:p@h/', 'https://h', 'ftp://h/', 'h', 'http://[::1]:1/a\r\nb', 'http://h/\u2028'),
);
const common = fc.record(
  {
    url: mostly(url),
    id: mostly(scalar),
    method: mostly(fc.constantFrom('GET', 'POST', 'get', 'M-SEARCH', 'CONNECT', 'A B', 'A\r\nB')),
    headers: mostly(values),
    timeout: mostly(fc.constantFrom('5s', '0', 'soon', '1e3', 5, -1, 'a\nb')),
    meta: fc.jsonValue(),
  },
  { requiredKeys: ['url'] },
);
const body = fc.oneof(
  fc.constant({}),
  fc.record({ json: fc.jsonValue() }),
  fc.record({ body: mostly(text) }),
  fc.record({ form: mostly(values) }),
  fc.record({ bodyFile: mostly(fc.constantFrom('', 'a.bin')) }),
  fc.record({ json: fc.jsonValue(), body: text, 'oth\ner': text }),
);
const task = fc
  .tuple(common, body, fc.constantFrom('meta', 'json', 'id'), fc.option(jsonText))
  .map(([fields, body, name, more]) => {
    const text = JSON.stringify({ ...fields, ...body });
    return more === null ? text : `${text.slice(0, -1)},"${name}":${more}}`;
  });
const line = fc.oneof(
  { weight: 8, arbitrary: damaged(task, [...jsonPieces, '"url":', '"json":', '"http://h/"', '"body":""']) },
  { weight: 1, arbitrary: fc.constantFrom('', '  ', '# comment', '\uFEFF', '\t#') },
);

fuzz(
  'each line of a task file is a task, refused by file and line, or blank',
  fc.tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), cuts),
  async ([lines, lineEnd, cuts]) => {
    const text = lines.join(lineEnd);
    const { tasks, refused } = await readText(tasksReader, chunksOf(text, cuts));
    const numbers = text.split('\n').flatMap((one, at) => (isTaskLine(one, at) ? [at + 1] : []));
    expect(tasks).toHaveLength(numbers.length);
    expect(refused).toEqual(numbers.filter((_, at) => tasks[at]?.invalid !== undefined));
  },
  2,
);

/** Now and then something else. */
function mostly<T>(values: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: values }, { weight: 1, arbitrary: fc.jsonValue() });
}
