import type { Column, ColumnType, Table, TableDescription } from '../database.ts';
import { sqlState } from './faults.ts';
import { quoted } from '../names.ts';
import { quotedTable } from '../spec.ts';
import type { Pool } from './pool.ts';

/** What is known of a table; undefined: there is none. */
export function describeTable(pool: Pool, table: string): Promise<TableDescription | undefined> {
  return pool.use('reading', async (client) => {
    const { rows } = await client.query<{ description: string | null }>(description, [
      quotedTable('postgres', table),
    ]);
    const text = rows[0]?.description;
    return typeof text === 'string' ? (JSON.parse(text) as TableDescription) : undefined;
  });
}

/**
 * As JSON text, null for no table. An index counts that bears on all rows, at once, by columns alone. Before
 * PostgreSQL 12 nothing is generated, and the catalogue has no column that says so: it is asked for by name.
 */
const description = `
  select json_build_object(
    'columns', array(
      select attname from pg_attribute
      where attrelid = pg_class.oid and attnum > 0 and not attisdropped order by attnum),
    'generated', array(
      select attname from pg_attribute
      where attrelid = pg_class.oid and attnum > 0 and not attisdropped
        and to_jsonb(pg_attribute) ->> 'attgenerated' <> '' order by attnum),
    'keys', coalesce((
      select json_agg(array(
        select attname
        from unnest(indkey::int2[]) with ordinality as k (attnum, place)
        join pg_attribute using (attnum)
        where attrelid = indrelid and place <= indnkeyatts order by place))
      from pg_index
      where indrelid = pg_class.oid and indisunique and indisvalid and indimmediate
        and indpred is null and indexprs is null), '[]'))::text as description
  from pg_class where oid = to_regclass($1)`;

/** The numbers of the types of columns; undefined for one that is not there. */
export function typesOf(
  pool: Pool,
  table: string,
  columns: readonly string[],
): Promise<readonly (number | undefined)[]> {
  return pool.use('reading', async (client) => {
    const { rows } = await client.query<{ attname: string; type: number }>(columnTypes, [
      quotedTable('postgres', table),
    ]);
    const types = new Map(rows.map(({ attname, type }) => [attname, type]));
    return columns.map((name) => types.get(name));
  });
}

const columnTypes = `
  select attname, atttypid::int4 as type from pg_attribute
  where attrelid = to_regclass($1) and attnum > 0 and not attisdropped`;

/** Makes the table unless it is there. */
export async function createTable(pool: Pool, table: Table): Promise<void> {
  try {
    await pool.use('writing', (client) => client.query(createSql(table)));
  } catch (error) {
    // Two who make it at once: "if not exists" says so for one that is there, not for one that comes.
    const isRace = races.has(sqlState(error) ?? '');
    if (!isRace || (await describeTable(pool, table.name)) === undefined) {
      throw error;
    }
  }
}

/** unique_violation of a catalogue, duplicate_table, duplicate_object */
const races: ReadonlySet<string> = new Set(['23505', '42P07', '42710']);

function createSql({ name, columns, key }: Table): string {
  const lines = [...columns.map(columnSql), `primary key (${key.map(quoted).join(', ')})`];
  return `create table if not exists ${quotedTable('postgres', name)} (\n  ${lines.join(',\n  ')}\n)`;
}

function columnSql({ name, type = 'text', isRequired = false }: Column): string {
  return `${quoted(name)} ${types[type]}${isRequired ? ' not null' : ''}`;
}

const types: Readonly<Record<ColumnType, string>> = {
  integer: 'bigint',
  real: 'double precision',
  boolean: 'boolean',
  text: 'text',
  time: 'timestamptz',
  json: 'json', // stays as it came, and costs the server half as much as `jsonb`
};
