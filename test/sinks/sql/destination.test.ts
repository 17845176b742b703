import { expect, it } from 'vitest';
import { UsageError } from '../../../src/model/errors.ts';
import { destinationOf } from '../../../src/sinks/sql/destination.ts';

it.each([
  ['sqlite:results.db', undefined, 'sqlite:results.db', 'results'],
  ['sqlite:results.db', 'users', 'sqlite:results.db', 'users'],
  ['sqlite:results.db?table=users', undefined, 'sqlite:results.db', 'users'],
  ['sqlite:what?.db', undefined, 'sqlite:what?.db', 'results'],
  ['postgres://h/app?table=users', undefined, 'postgres://h/app', 'users'],
  ['postgres://h/app?table=users', 'users', 'postgres://h/app', 'users'],
  [
    'postgresql://h/app?sslmode=require&table=my%20own.t&x=1',
    undefined,
    'postgresql://h/app?sslmode=require&x=1',
    'my own.t',
  ],
  ['postgres://h/app?table=100%', undefined, 'postgres://h/app', '100%'],
  ['postgres://h/app?mytable=users', undefined, 'postgres://h/app?mytable=users', 'results'],
  ['postgres:///app', undefined, 'postgres:///app', 'results'],
])('%s with --to-table %s', (to, table, spec, found) => {
  expect(destinationOf(to, table)).toEqual({ spec, table: found });
});

it.each([
  [
    'mysql://ann:s3cr3t@h/app',
    undefined,
    '--to: must be sqlite:FILE or postgres://USER@HOST/NAME, not "mysql://h/app"',
  ],
  ['results.db', undefined, '--to: must be sqlite:FILE or postgres://USER@HOST/NAME, not "results.db"'],
  ['sqlite:a.db?table=', undefined, '--to: table= must name a table, as in ?table=results'],
  ['postgres://h/app?table=a', 'b', '--to names the table "a", and --to-table "b"'],
])('%s with --to-table %s is wrong', (to, table, message) => {
  expect(() => destinationOf(to, table)).toThrow(new UsageError(message));
});
