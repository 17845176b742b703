import { StatementError } from './errors.ts';
import { kindOf, type DatabaseKind } from './spec.ts';
import type { Database } from './steady.ts';

/** A table or view, as somebody wants to see it who does not know the database. */
export interface TableSummary {
  /** As it is written in SQL. */
  readonly name: string;
  readonly isView: boolean;
  /** Undefined for what is not counted: a view, a table that must not be read. */
  readonly rows: number | undefined;
  /** The rows are the database's own estimate: counting them would take long. */
  readonly isEstimate: boolean;
  /** None when it is broken: a view of a table that is gone. */
  readonly columns: readonly ColumnSummary[];
}

/** A column of it. */
export interface ColumnSummary {
  readonly name: string;
  /** In the words of the database; empty in SQLite when there is none. */
  readonly type: string;
}

/** How a kind of database is asked. */
interface Catalog {
  /**
   * Gives name, what `columns` is asked with, whether it is a view, what can be counted or null, and an
   * estimate of the rows or null.
   */
  readonly tables: string;
  /** Gives name and type. */
  readonly columns: string;
}

const sqlite: Catalog = {
  tables: String.raw`
    select case when name glob '[a-z_]*' and name not glob '*[^a-z0-9_]*' then name else printf('"%w"', name) end,
      name, type = 'view', case when type <> 'view' then printf('"%w"', name) end, null
    from pragma_table_list
    where schema = 'main' and type <> 'shadow' and name not like 'sqlite\_%' escape '\'
    order by name`,
  columns: 'select name, type from pragma_table_xinfo(?1) where hidden <> 1 order by cid',
};

const postgres: Catalog = {
  tables: `
    select shown, oid::text, relkind = 'v', case when relkind in ('r', 'p', 'm') and has_table_privilege(oid, 'select') then shown end,
      case when reltuples >= 1000000 then reltuples::bigint end
    from (
      select c.oid, relkind, reltuples,
        case when pg_table_is_visible(c.oid) then '' else quote_ident(nspname) || '.' end || quote_ident(relname) as shown
      from pg_class c join pg_namespace n on n.oid = relnamespace
      where relkind in ('r', 'p', 'v', 'm', 'f') and not relispartition
        and nspname not in ('pg_catalog', 'information_schema') and nspname !~ '^pg_(toast|temp)'
    ) as relations
    order by shown`,
  columns: `
    select attname::text, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = $1::oid and attnum > 0 and not attisdropped order by attnum`,
};

const catalogs = { sqlite, postgres } satisfies Record<DatabaseKind, Catalog>;

/** The tables and views of a database that was opened by `spec`, by name. */
export async function tablesOf(database: Database, spec: string): Promise<TableSummary[]> {
  const catalog = catalogs[kindOf(spec)];
  const { rows } = await database.all(catalog.tables, []);
  const tables: TableSummary[] = [];
  for (const [name, key, isView, source, estimate] of rows) {
    const isEstimate = estimate !== null;
    const isCounted = typeof source === 'string' && !isEstimate;
    const counted = isCounted ? await count(database, source) : undefined;
    tables.push({
      name: String(name),
      isView: isView === true || isView === 1, // SQLite has no truth of its own
      rows: isEstimate ? Number(estimate) : counted,
      isEstimate,
      columns: await columnsOf(database, catalog, String(key)),
    });
  }
  return tables;
}

async function count(database: Database, source: string): Promise<number> {
  const { rows } = await database.all(`select count(*) from ${source}`, []);
  return Number(rows[0]?.[0]);
}

async function columnsOf(database: Database, catalog: Catalog, key: string): Promise<ColumnSummary[]> {
  try {
    const { rows } = await database.all(catalog.columns, [key]);
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  } catch (error) {
    if (error instanceof StatementError) {
      return []; // a view of what is gone: the others are wanted all the same
    }
    throw error;
  }
}
