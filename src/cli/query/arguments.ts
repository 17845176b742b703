import fs from 'node:fs';
import { databaseForm, isDatabase } from '../../databases/spec.ts';
import { messageOf, UsageError } from '../../model/errors.ts';
import { expandSecrets } from '../../model/options/secrets.ts';
import { redactor } from '../redactor.ts';

/** The spec of the database: a path alone is that of a SQLite file. `${NAME}` is a variable of the environment. */
export function toSpec(argument: string): string {
  const text = expanded(argument, 'database');
  if (isDatabase(text)) {
    return text;
  }
  if (text === '' || text.includes('://')) {
    throw new UsageError(`the database must be a SQLite file, ${databaseForm}`);
  }
  return `sqlite:${text}`;
}

/** The query itself, as it was given, out of `@FILE`, or for `-` out of standard input. Throws a `UsageError`. */
export function toSql(argument: string): string {
  const sql = readSql(argument);
  if (sql.trim() === '') {
    throw new UsageError('the query is empty');
  }
  return sql;
}

/** What stands for `$1`, `$2`, … in the query. */
export function toParameters(values: readonly string[]): string[] {
  return values.map((value) => expanded(value, '--param'));
}

function readSql(argument: string): string {
  if (argument !== '-' && !argument.startsWith('@')) {
    return argument;
  }
  const file = argument === '-' ? argument : argument.slice(1);
  try {
    return fs.readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read the query in ${file}: ${messageOf(error)}`);
  }
}

function expanded(text: string, flag: string): string {
  return expandSecrets(text, {
    flag,
    environment: process.env,
    isJson: false,
    onSecret: (secret) => redactor.learn(secret),
  });
}
