import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { expandSecrets, Redactor, type ExpandSettings } from '../../../src/model/options/secrets.ts';

const environment = { TOKEN: 's3cret', _x1: 'y', EMPTY: '', QUOTED: 'a"b\\\n', DOLLAR: '$& ${TOKEN}' };

function expand(text: string, of: Partial<ExpandSettings> = {}): { text: string; secrets: string[] } {
  const secrets: string[] = [];
  const onSecret = (secret: string) => secrets.push(secret);
  const settings = { flag: '--header', environment, isJson: false, isTemplate: false, onSecret, ...of };
  return { text: expandSecrets(text, settings), secrets };
}

describe('expandSecrets', () => {
  it.each([
    ['Authorization: Bearer ${TOKEN}', 'Authorization: Bearer s3cret'],
    ['${TOKEN}${_x1}', 's3crety'],
    ['a${EMPTY}b', 'ab'],
    ['$${TOKEN}', '${TOKEN}'],
    ['$$${TOKEN}', '$${TOKEN}'],
    ['$TOKEN ${} ${a.b} ${1} ${ TOKEN } {TOKEN}', '$TOKEN ${} ${a.b} ${1} ${ TOKEN } {TOKEN}'],
    ['${DOLLAR}', '$& ${TOKEN}'], // put in as it is, not expanded again
  ])('%s', (text, expected) => {
    expect(expand(text).text).toBe(expected);
  });

  it.each([
    ['{"a":"x${QUOTED}"}', { a: 'xa"b\\\n' }],
    [String.raw`{"a\"b":"${'${QUOTED}'}","c":"${'${TOKEN}'}"}`, { 'a"b': 'a"b\\\n', c: 's3cret' }],
  ])('escapes in a string of JSON: %s', (text, expected) => {
    expect(JSON.parse(expand(text, { isJson: true }).text)).toEqual(expected);
  });

  it('puts JSON in as it is outside of strings', () => {
    expect(expand('${QUOTED}', { isJson: true }).text).toBe(environment.QUOTED);
  });

  it('keeps braces of the value out of a template', () => {
    expect(expand('{id} ${DOLLAR}', { isTemplate: true }).text).toBe(String.raw`{id} $& $\{TOKEN\}`);
  });

  it('tells what has come in, and nothing else', () => {
    expect(expand('${TOKEN} $${_x1} ${EMPTY}').secrets).toEqual(['s3cret', '']);
  });

  it('a variable that is not set is named', () => {
    expect(() => expand('${API_TOKEN}')).toThrow(
      new UsageError(
        '--header: the environment has no variable API_TOKEN (write $${API_TOKEN} for the text itself)',
      ),
    );
  });
});

describe('Redactor', () => {
  it.each([
    ['token s3cret, and s3cret', 'token ***, and ***'],
    ['longer: s3cret-long', 'longer: ***'],
    ['in a URL: a%2Fb%22c', 'in a URL: ***'],
    [String.raw`in JSON: a/b\"c`, 'in JSON: ***'],
    ['short: ab', 'short: ab'],
  ])('%s', (text, expected) => {
    const redactor = new Redactor();
    ['s3cret', 's3cret-long', 'a/b"c', 'ab', ''].forEach((secret) => redactor.learn(secret));
    expect(redactor.redact(text)).toBe(expected);
  });
});
