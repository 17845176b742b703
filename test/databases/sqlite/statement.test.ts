import { DatabaseSync } from 'node:sqlite';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindStatement } from '../../../src/databases/sqlite/statement.ts';

describe('places', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['select $1, $2', 'select $1, $2', { $1: 'a', $2: 'b' }],
    ['select ?2, ?1', 'select $2, $1', { $1: 'a', $2: 'b' }],
    ['select ?, ?', 'select $1, $2', { $1: 'a', $2: 'b' }],
    ['select ?1, ?', 'select $1, $2', { $1: 'a', $2: 'b' }],
    ['select $2', 'select $2', { $2: 'b' }],
    ["select '?', '''$3', ?, ?", "select '?', '''$3', $1, $2", { $1: 'a', $2: 'b' }],
    ['select "a?", [b?], `c?`, ?, ?', 'select "a?", [b?], `c?`, $1, $2', { $1: 'a', $2: 'b' }],
    [
      'select ? -- what?\n, ? /* ? ; */;\n-- end ?',
      'select $1 -- what?\n, $2 /* ? ; */;\n-- end ?',
      { $1: 'a', $2: 'b' },
    ],
    ['select a$1, ü$2, ?, $2 as x$', 'select a$1, ü$2, $1, $2 as x$', { $1: 'a', $2: 'b' }],
  ])('%s', (text, sql, values) => {
    expect(bindStatement(text, ['a', 'b'])).toEqual({ sql, values });
  });

  it('are given a list as JSON, and whole numbers as such', () => {
    expect(bindStatement('?, ?, ?, ?, ?', [['a', 'ü"'], 5, 0.5, null, true]).values).toEqual({
      $1: '["a","ü\\""]',
      $2: 5n,
      $3: 0.5,
      $4: null,
      $5: 1n,
    });
  });

  it.each([
    ['select ?', [], 'it has a place for 1 value, and is given 0'],
    ['select $3', ['a'], 'it has places for 3 values, and is given 1'],
    ['select 1', ['a'], 'it has places for 0 values, and is given 1'],
    ['select :name', [], ':name cannot be bound: places are $1, $2 and so on'],
    ['select @name', [], '@name cannot be bound: places are $1, $2 and so on'],
    ['select $name', [], '$name cannot be bound: places are $1, $2 and so on'],
    ['select ?0', [], '?0 is no place: they are $1, $2 and so on'],
    ['select ?32767', [], '?32767 is no place: they are $1, $2 and so on'],
    ['select 1; select 2', [], 'it is more than one statement'],
    ['select 1;; -- x\n x', [], 'it is more than one statement'],
    ['', [], 'it is empty'],
    [' -- nothing\n/* here */ ;', [], 'it is empty'],
  ])('%s with %j: %s', (text, parameters, message) => {
    expect(() => bindStatement(text, parameters)).toThrow(message);
  });

  it('may come with a very long text', () => {
    const text = `'${"x''".repeat(5_000_000)}'`;
    expect(bindStatement(`select ${text}, ?`, [1]).sql).toHaveLength(text.length + 'select , $1'.length);
  });

  it('are not looked for within strings, names and comments', () => {
    const database = new DatabaseSync(':memory:');
    const piece = fc.oneof(
      fc
        .string({ unit: 'grapheme' })
        .map((text) => ({ sql: `'${text.replaceAll("'", "''")}'`, value: text })),
      fc
        .constantFrom('?', '$1', ';', '--', '/*', "'")
        .map((text) => ({ sql: `'${text.replaceAll("'", "''")}'`, value: text })),
      fc.constant({ sql: '?', value: undefined }),
      fc.constantFrom("/* ? ; ' */ 7", '-- $1 ; "\n7', '7 /**/').map((sql) => ({ sql, value: 7 })),
    );
    const pieces = fc.array(piece, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pieces, (all) => {
        fc.pre(all.every(({ value }) => typeof value !== 'string' || !value.includes('\0')));
        const given = all.flatMap(({ value }, at) => (value === undefined ? [`given ${at}`] : []));
        const { sql, values } = bindStatement(`select ${all.map((one) => one.sql).join(', ')};`, given);
        const statement = database.prepare(sql);
        statement.setReturnArrays(true);
        const row = statement.get(values as Record<string, string>) as unknown as unknown[];
        expect(row).toEqual(all.map(({ value }, at) => value ?? `given ${at}`));
      }),
    );
  });
});
