import { isUtf8 } from 'node:buffer';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { parseExactJson } from '../../src/model/json/exact-json.ts';
import { isJson } from '../../src/model/json/json.ts';
import { nestsTooDeep } from '../../src/model/json/nesting.ts';
import { memberText } from '../../src/model/json/json-member.ts';
import { damaged } from './damage.ts';
import { fuzz } from './fuzz.ts';
import { jsonPieces, jsonText } from './json-text.ts';

const text = damaged(jsonText, jsonPieces);

fuzz(
  'isJson says what JSON.parse says',
  fc.oneof(
    text.map((one) => Buffer.from(one)),
    fc.uint8Array(),
  ),
  (bytes) => {
    if (isUtf8(bytes)) {
      expect(isJson(bytes)).toBe(parses(Buffer.from(bytes).toString()));
    }
  },
);

fuzz('what parseExactJson reads is written as it stood there', fc.jsonValue(), (value) => {
  const text = JSON.stringify(value);
  expect(JSON.stringify(parseExactJson(text))).toBe(text);
});

fuzz('parseExactJson takes what JSON.parse takes, unless it nests too deep', text, (text) => {
  try {
    JSON.stringify(parseExactJson(text));
  } catch (error) {
    expect(error).toBeInstanceOf(SyntaxError);
    expect(parses(text) && !nestsTooDeep(text)).toBe(false);
  }
});

fuzz(
  'the text of a member is that of its last value',
  fc.dictionary(fc.constantFrom('json', 'a', '\\"'), jsonText),
  (members) => {
    const pairs = Object.entries(members).map(([name, value]) => ` ${JSON.stringify(name)} : ${value}`);
    const text = `{${[' "json":"first"', ...pairs].join(' ,\t')} }`;
    expect(memberText(text, 'json')).toBe(Object.hasOwn(members, 'json') ? members['json'] : '"first"');
  },
);

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
