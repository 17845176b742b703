import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { openSources } from '../../../src/sources/index.ts';
import { readAll, settings, temporaryFiles } from '../settings.ts';

const write = temporaryFiles();

const fetched = async (args: string[], overrides: Parameters<typeof settings>[0] = {}) =>
  (await readAll(await openSources(args, settings(overrides)))).map((task) => [
    task.id ?? String(task.index),
    task.url,
  ]);

describe('a URL argument', () => {
  it('is told by its scheme, in any case', async () => {
    expect(await fetched(['HTTP://A/', 'httpS://b/'])).toEqual([
      ['0', 'http://a/'],
      ['1', 'https://b/'],
    ]);
  });

  it('stands for all that its globs say', async () => {
    expect(await fetched(['http://a/[08-10]'])).toEqual([
      ['0', 'http://a/08'],
      ['1', 'http://a/09'],
      ['2', 'http://a/10'],
    ]);
  });

  it('is taken literally with globoff', async () => {
    expect(await fetched(['http://a/?q=[1-3]&r={id}'], { globoff: true })).toEqual([
      ['0', 'http://a/?q=[1-3]&r={id}'],
    ]);
  });

  it('that cannot be fetched is an invalid task and a complaint', async () => {
    const told = settings();
    const tasks = await readAll(await openSources(['http://{a,%}/'], told));
    expect(tasks.map((task) => task.invalid?.code)).toEqual([undefined, 'INVALID_URL']);
    expect(told.complaints).toEqual(['not a URL: "http://%/"']);
  });

  it('with a malformed glob is refused', async () => {
    await expect(fetched(['http://a/[3-1]'])).rejects.toThrow(
      'bad range in URL at position 10: http://a/[3-1]',
    );
  });

  it('with {id} and no ids is refused', async () => {
    await expect(fetched(['http://a/{id}'])).rejects.toThrow(
      new UsageError(
        String.raw`{id} in http://a/{id}: did you mean --ids? (write \{id\} for the text itself)`,
      ),
    );
  });
});

describe('ids', () => {
  it('fill every {id}, percent-encoded, and name the tasks', async () => {
    expect(await fetched(['http://a/{id}?n={id}'], { ids: '01-02,a b/c' })).toEqual([
      ['01', 'http://a/01?n=01'],
      ['02', 'http://a/02?n=02'],
      ['a b/c', 'http://a/a%20b%2Fc?n=a%20b%2Fc'],
    ]);
  });

  it('vary slower than globs', async () => {
    expect(await fetched(['http://a/{id}/{x,y}'], { ids: '1-2' })).toEqual([
      ['1', 'http://a/1/x'],
      ['1', 'http://a/1/y'],
      ['2', 'http://a/2/x'],
      ['2', 'http://a/2/y'],
    ]);
  });

  it('go into each URL in turn, and not into files', async () => {
    const path = await write('urls.txt', 'http://f/{id}');
    expect(await fetched(['http://a/{id}', path, 'http://b/{id}'], { ids: '8-9' })).toEqual([
      ['8', 'http://a/8'],
      ['9', 'http://a/9'],
      ['2', 'http://f/%7Bid%7D'],
      ['8', 'http://b/8'],
      ['9', 'http://b/9'],
    ]);
  });

  it('go into URLs with globoff too', async () => {
    expect(await fetched(['http://a/[{id}]'], { ids: '5', globoff: true })).toEqual([['5', 'http://a/[5]']]);
  });

  it.each([
    ['a URL without {id}', ['http://a/'], '1', '--ids needs {id} in the URL: http://a/'],
    ['no URL', ['-'], '1', '--ids needs a URL with {id} to fill, such as https://api.example.com/users/{id}'],
    [
      'more tasks than can be counted',
      ['http://a/{id}/[0-999999999]'],
      '1-999999999',
      'more URLs than can be counted (2^53): http://a/{id}/[0-999999999]',
    ],
  ])('are refused with %s', async (_, args, ids, message) => {
    await expect(fetched(args, { ids })).rejects.toThrow(new UsageError(message));
  });
});

it('a run without arguments is refused', async () => {
  await expect(fetched([])).rejects.toThrow(
    new UsageError('nothing to fetch: name a URL, a file of URLs, or - for standard input'),
  );
});
